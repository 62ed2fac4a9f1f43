import type { Applet, PaceOffer } from '../applet.ts';
import { pad, unpad } from '../des.ts';
import { domainOf } from './agreement.ts';
import { suiteOf } from './cipher-suite.ts';
import { paceOid } from './pace.ts';
import { persona, shown } from './test-persona.ts';
import { joined, objectIn, readAll, tlv } from './tlv.ts';

const random = persona().random;

/** One command and its answer; an answer in pieces (61xx) is fetched whole. */
export function send(card: Applet, ...parts: readonly Uint8Array[]): { data: Uint8Array; sw: string } {
  let reply: Uint8Array = card.handle(joined(...parts)) ?? new Uint8Array(0);
  let data: Uint8Array = reply.slice(0, -2);
  while (reply.at(-2) === 0x61) {
    reply = card.handle(Uint8Array.of(0, 0xc0, 0, 0, reply.at(-1) ?? 0)) ?? new Uint8Array(0);
    data = joined(data, reply.slice(0, -2));
  }
  return { data, sw: shown(reply.slice(-2)) };
}

const header = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

/** A short command with data and Le 00. */
const withData = (head: string, data: Uint8Array) =>
  joined(header(head), Uint8Array.of(data.length), data, Uint8Array.of(0));

/** GENERAL AUTHENTICATE; what does not fit a short command goes in pieces. */
function authenticate(card: Applet, last: boolean, content: Uint8Array) {
  const data = tlv(0x7c, content);
  let at = 0;
  for (; data.length - at > 255; at += 255)
    send(card, header('10860000'), Uint8Array.of(255), data.subarray(at, at + 255));
  return send(card, withData(last ? '00860000' : '10860000', data.subarray(at)));
}

/** Terminal's end of a session: commands are wrapped, answers checked and opened. */
export interface TerminalSession {
  /** Wraps a command with an even or odd INS; `le` one byte. */
  wrapped(head: string, data?: Uint8Array, le?: number): Uint8Array;
  opened(answer: Uint8Array, ins: number): { data: Uint8Array; sw: string };
  send(head: string, data?: Uint8Array, le?: number): { data: Uint8Array; sw: string };
}

export function terminalSession(
  card: Applet,
  cipher: PaceOffer['cipher'],
  secret: Uint8Array,
  start?: Uint8Array,
): TerminalSession {
  const suite = suiteOf(cipher);
  const enc = suite.derive(secret, 1);
  const mac = suite.derive(secret, 2);
  let number = BigInt(`0x${shown(start ?? new Uint8Array(suite.block))}`);
  const counter = () => {
    number += 1n;
    return header(number.toString(16).padStart(suite.block * 2, '0'));
  };
  const session: TerminalSession = {
    wrapped(head, data, le) {
      const now = counter();
      const plain = header(head);
      plain[0] = (plain[0] ?? 0) | 0x0c;
      const odd = (plain[1] ?? 0) % 2 === 1;
      const cipherText = data && suite.encrypt(enc, suite.ivOf(enc, now), pad(data, suite.block));
      const body = joined(
        ...(cipherText ? [odd ? tlv(0x85, cipherText) : tlv(0x87, Uint8Array.of(1), cipherText)] : []),
        ...(le === undefined ? [] : [tlv(0x97, Uint8Array.of(le))]),
      );
      const check = suite.messageMac(mac, joined(now, pad(plain, suite.block), body));
      return withData(shown(plain), joined(body, tlv(0x8e, check)));
    },
    opened(answer, ins) {
      const now = counter();
      const objects = readAll(answer);
      const check = objectIn(objects, 0x8e);
      const expected = suite.messageMac(mac, joined(now, answer.subarray(0, -10)));
      if (shown(check) !== shown(expected)) throw new Error(`the card's MAC is wrong: ${shown(answer)}`);
      const value = objectIn(objects, ins % 2 === 1 ? 0x85 : 0x87);
      const cipherText = ins % 2 === 1 ? value : value?.subarray(1);
      return {
        data: cipherText
          ? (unpad(suite.decrypt(enc, suite.ivOf(enc, now), cipherText)) ?? new Uint8Array(0))
          : new Uint8Array(0),
        sw: shown(objectIn(objects, 0x99)),
      };
    },
    send(head, data, le) {
      const reply = send(card, session.wrapped(head, data, le));
      if (reply.sw !== '9000') return reply;
      return session.opened(reply.data, Number.parseInt(head.slice(2, 4), 16));
    },
  };
  return session;
}

export interface PaceTry {
  /** Status word of the last step that was answered. */
  readonly sw: string;
  readonly session?: TerminalSession;
}

/** The terminal's side of PACE, generic mapping. */
export function paceWith(card: Applet, offer: PaceOffer, reference: number, password: Uint8Array): PaceTry {
  const suite = suiteOf(offer.cipher);
  const oid = paceOid(offer);
  const parts = [
    tlv(0x80, oid),
    tlv(0x83, Uint8Array.of(reference)),
    tlv(0x84, Uint8Array.of(offer.parameterId)),
  ];
  const chosen = send(card, header('0022C1A4'), Uint8Array.of(oid.length + 8), ...parts);
  if (chosen.sw !== '9000') return { sw: chosen.sw };
  const said = (reply: { data: Uint8Array }, tag: number) =>
    objectIn(readAll(objectIn(readAll(reply.data), 0x7c) ?? new Uint8Array(0)), tag) ?? new Uint8Array(0);
  const encrypted = said(authenticate(card, false, new Uint8Array(0)), 0x80);
  const nonce = suite.decrypt(suite.derive(password, 3), new Uint8Array(suite.block), encrypted);
  const domain = domainOf(offer.parameterId, random);
  const mapping = domain?.begin();
  if (!domain || !mapping) throw new Error('no such domain');
  const map = authenticate(card, false, tlv(0x81, mapping.publicKey));
  const own = mapping.agree(said(map, 0x82))?.mapped(nonce);
  if (!own) return { sw: map.sw };
  const agreed = authenticate(card, false, tlv(0x83, own.publicKey));
  const theirs = said(agreed, 0x84);
  const secret = own.agree(theirs)?.secret;
  if (!secret) return { sw: agreed.sw };
  const token = (key: Uint8Array) =>
    suite.mac(suite.derive(secret, 2), tlv(0x7f49, tlv(0x06, oid), tlv(domain.keyTag, key)));
  const last = authenticate(card, true, tlv(0x85, token(theirs)));
  if (last.sw !== '9000') return { sw: last.sw };
  if (shown(said(last, 0x86)) !== shown(token(own.publicKey))) throw new Error("the card's token is wrong");
  return { sw: last.sw, session: terminalSession(card, offer.cipher, secret) };
}
