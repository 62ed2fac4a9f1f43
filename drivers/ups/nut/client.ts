import { isJollyError } from '@jolly/contracts/values';
import { type DeviceHealth, HealthBook, type SelfTestStep, timedStep } from '../../health/index.ts';
import type { DriverContext } from '../../registry/index.ts';
import type { LinkState, Transport } from '../../transport/index.ts';
import type { PowerReading, PowerSupply } from '../port.ts';
import {
  decodeAnswer,
  decodeStatus,
  encodeRequest,
  LineReader,
  type NutAnswer,
  type NutRequest,
} from './codec.ts';
import { type NutSettings, upsError } from './settings.ts';

/** upsd answers from memory: one that takes longer hangs. */
const ANSWER_MS = 4_000;

const NOT_KNOWN: PowerReading = {
  power: 'unknown',
  charge: undefined,
  runtimeSeconds: undefined,
  tokens: [],
};

interface Asked {
  readonly lines: NutAnswer[];
  readonly list: boolean;
  readonly done: (answers: readonly NutAnswer[] | Error) => void;
}

/**
 * A UPS behind upsd (other-devices.md). One question at a time; a question left unanswered drops the connection, since its
 * late answer would be taken for the next one's. Asks only: never INSTCMD, SET or FSD.
 */
export class NutSupply implements PowerSupply {
  readonly uri: string;
  readonly #transport: Transport;
  readonly #settings: NutSettings;
  readonly #context: DriverContext;
  readonly #readPassword: (file: string) => string;
  readonly #book: HealthBook;
  readonly #lines = new LineReader();
  readonly #listeners = new Set<(reading: PowerReading) => void>();
  readonly #counts = { polls: 0, refused: 0, changes: 0 };
  #reading = NOT_KNOWN;
  #asked: Asked | undefined;
  #cancel: () => void = () => undefined;
  #closed = false;

  constructor(
    uri: string,
    transport: Transport,
    settings: NutSettings,
    context: DriverContext,
    readPassword: (file: string) => string,
  ) {
    this.uri = uri;
    this.#transport = transport;
    this.#settings = settings;
    this.#context = context;
    this.#readPassword = readPassword;
    this.#book = new HealthBook(context.clock, () => {
      const { opened, lost, failedOpens } = transport.counters;
      return { ...this.#counts, linkOpened: opened, linkLost: lost, linkFailedOpens: failedOpens };
    });
    transport.start({
      data: (bytes) => {
        for (const line of this.#lines.push(bytes)) this.#heard(decodeAnswer(line));
      },
      state: (state, reason) => this.#linkChanged(state, reason),
    });
  }

  get reading(): PowerReading {
    return this.#reading;
  }

  onPower(listener: (reading: PowerReading) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): DeviceHealth {
    return this.#book.now;
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.#book.on(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const { clock } = this.#context;
    const cure = upsError('UPS_LINK_DOWN').entry.cure ?? '';
    const link = await timedStep(clock, 'upsd', cure, () => {
      if (this.#transport.state !== 'open')
        throw upsError('UPS_LINK_DOWN', { reason: this.#book.now.reasons.join(' ') });
      return undefined;
    });
    if (!link.ok) return [link];
    const said = await timedStep(clock, 'status', upsError('UPS_REFUSED').entry.cure ?? '', () => {
      const { tokens, charge, runtimeSeconds, power } = this.#reading;
      if (power === 'unknown') throw upsError('UPS_REFUSED', { reason: this.#book.now.reasons.join(' ') });
      return [tokens.join(' '), charge && `${charge} %`, runtimeSeconds && `${runtimeSeconds} s`]
        .filter(Boolean)
        .join(', ');
    });
    return [link, said];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    this.#listeners.clear();
    this.#book.forget();
    await this.#transport.close();
  }

  #linkChanged(state: LinkState, reason: string | undefined): void {
    this.#cancel();
    this.#lines.reset();
    this.#answer(upsError('UPS_LINK_DOWN', { reason: reason ?? state }));
    if (state === 'open') this.#logIn();
    else if (state === 'waiting') this.#unknown(`link-down:${reason ?? 'unknown'}`);
  }

  #logIn(): void {
    this.#greet().then(
      () => this.#poll(),
      (error: unknown) => this.#failed(error),
    );
  }

  async #greet(): Promise<void> {
    const { user, passwordFile, ups } = this.#settings;
    if (user === undefined || passwordFile === undefined) return;
    let value: string;
    try {
      value = this.#readPassword(passwordFile);
    } catch (cause) {
      throw upsError('UPS_PASSWORD_UNREADABLE', { reason: 'password-unreadable' }, { cause });
    }
    await this.#ask({ ask: 'USERNAME', value: user });
    await this.#ask({ ask: 'PASSWORD', value });
    // registers this terminal among those that a primary waits for before it switches the UPS off
    await this.#ask({ ask: 'LOGIN', ups });
  }

  #poll(): void {
    this.#counts.polls++;
    this.#ask({ ask: 'LIST VAR', ups: this.#settings.ups }).then(
      (answers) => {
        this.#take(answers);
        this.#again();
      },
      (error: unknown) => this.#failed(error),
    );
  }

  #again(): void {
    if (this.#closed) return;
    this.#cancel();
    this.#cancel = this.#context.clock.after(this.#settings.pollSeconds * 1000, () => this.#poll());
  }

  #take(answers: readonly NutAnswer[]): void {
    const variables = new Map(
      answers.flatMap((each) => (each.is === 'var' ? [[each.name, each.value]] : [])),
    );
    const numeric = (name: string): number | undefined => {
      const value = Number.parseFloat(variables.get(name) ?? '');
      return Number.isFinite(value) && value >= 0 ? value : undefined;
    };
    const status = decodeStatus(variables.get('ups.status') ?? '');
    const reasons = [
      ...(status.power === 'battery' ? ['on-battery'] : status.power === 'low' ? ['battery-low'] : []),
      ...(status.replaceBattery ? ['replace-battery'] : []),
      ...(status.overload ? ['overload'] : []),
      ...(status.power === 'unknown' ? ['status-unknown'] : []),
    ];
    this.#tell({
      power: status.power,
      charge: numeric('battery.charge'),
      runtimeSeconds: numeric('battery.runtime'),
      tokens: status.tokens,
    });
    this.#book.turn(reasons.length > 0 ? 'degraded' : 'ready', reasons);
  }

  #failed(error: unknown): void {
    // the link's own end has its own way here
    if (this.#closed || isJollyError(error, 'UPS_LINK_DOWN')) return;
    this.#counts.refused++;
    if (isJollyError(error, 'UPS_SILENT')) {
      this.#transport.reopen('silent');
      this.#unknown('silent');
      return;
    }
    const reason = isJollyError(error) ? String(error.detail.reason) : 'unexpected';
    this.#context.log('ups-refused', { reason });
    this.#unknown(reason);
    this.#cancel();
    // asked anew from the beginning: a refused login is tried again too
    this.#cancel = this.#context.clock.after(this.#settings.pollSeconds * 1000, () =>
      reason === 'data-stale' || reason === 'driver-not-connected'
        ? this.#poll()
        : this.#transport.reopen(reason),
    );
  }

  #unknown(reason: string): void {
    this.#tell(NOT_KNOWN);
    this.#book.turn('unavailable', [reason]);
  }

  #tell(reading: PowerReading): void {
    const before = this.#reading;
    this.#reading = reading;
    if (JSON.stringify(before) === JSON.stringify(reading)) return;
    if (before.power !== reading.power) {
      this.#counts.changes++;
      this.#context.log('power', { power: reading.power, status: reading.tokens.join(' ') });
    }
    for (const listener of this.#listeners) listener(reading);
  }

  #ask(request: NutRequest): Promise<readonly NutAnswer[]> {
    const { clock } = this.#context;
    return new Promise((resolve, reject) => {
      const cancel = clock.after(ANSWER_MS, () => this.#answer(upsError('UPS_SILENT')));
      this.#asked = {
        lines: [],
        list: request.ask.startsWith('LIST'),
        done: (answers) => {
          cancel();
          if (answers instanceof Error) reject(answers);
          else resolve(answers);
        },
      };
      this.#transport.write(new TextEncoder().encode(encodeRequest(request))).catch((cause: unknown) => {
        this.#answer(upsError('UPS_LINK_DOWN', { reason: 'write' }, { cause }));
      });
    });
  }

  #heard(answer: NutAnswer): void {
    const asked = this.#asked;
    if (!asked) return;
    if (answer.is === 'error') {
      this.#answer(upsError('UPS_REFUSED', { reason: answer.code.toLowerCase().slice(0, 40) }));
      return;
    }
    asked.lines.push(answer);
    if (!asked.list || answer.is === 'end') this.#answer(asked.lines);
    else if (asked.lines.length > 2_000) this.#answer(upsError('UPS_SILENT'));
  }

  #answer(answers: readonly NutAnswer[] | Error): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.done(answers);
  }
}
