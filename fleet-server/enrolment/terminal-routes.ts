import {
  Accepted,
  AskEnrolment,
  EnrolmentAnswer,
  LinkAccess,
  NOT_ENROLLED,
  RotateKey,
  TERMINAL_ROUTES,
} from '@jolly/contracts/fleet-api';
import type { Http } from '../http/index.ts';
import { checkSignature, findTerminal, publicKeyOf, signedHead, terminalOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import { rotateKey } from './acts.ts';
import { answerAsk } from './ask.ts';
import type { EnrolmentParts } from './parts.ts';

const tags = ['identity'];
/** Every terminal that waits asks six times a minute, and a whole workshop, or a proxy, may be one address. */
const MANY_ASK = { rateLimit: { max: 600, timeWindow: 60_000 } } as const;

/** For who is not known yet: the call is signed with the key it brings, so nobody asks for a key that is not theirs. */
export function askRoutes(app: Http, parts: EnrolmentParts): void {
  app.post(
    TERMINAL_ROUTES.askEnrolment,
    {
      config: MANY_ASK,
      bodyLimit: 4_096,
      schema: { body: AskEnrolment, response: { 200: EnrolmentAnswer }, tags },
      onRequest: async (request) => {
        request.signedHead = signedHead(request);
      },
    },
    async (request) => {
      const { body, signedHead: head } = request;
      const key = publicKeyOf(body.publicKey);
      if (!head || !key || head.tenantId !== NOT_ENROLLED || head.terminalId !== NOT_ENROLLED) {
        throw fail('SIGNATURE_REFUSED');
      }
      checkSignature(request, head, key, parts.clock.now());
      return answerAsk(parts, body, request.ip);
    },
  );
}

/** Behind the terminal's signature. */
export function linkRoutes(app: Http, parts: EnrolmentParts): void {
  app.get(
    TERMINAL_ROUTES.linkAccess,
    { schema: { response: { 200: LinkAccess }, tags } },
    async (request) => {
      const who = terminalOf(request);
      const row = await findTerminal(parts.store, who);
      if (!row) throw fail('SIGNATURE_REFUSED');
      return parts.way.accessOf(who, row.public_key);
    },
  );
  app.post(
    TERMINAL_ROUTES.rotateKey,
    { bodyLimit: 4_096, schema: { body: RotateKey, response: { 200: Accepted }, tags } },
    async (request) => {
      const who = terminalOf(request);
      const head = request.signedHead;
      const row = await findTerminal(parts.store, who);
      const present = row && publicKeyOf(row.public_key);
      if (!head || !present) throw fail('ROTATION_REFUSED');
      // the key before is believed for what it had signed, never to choose another key
      if (row.public_key !== request.body.publicKey) {
        checkSignature(request, head, present, parts.clock.now());
      }
      await rotateKey(parts, who, request.body);
      return { accepted: true as const };
    },
  );
}
