import { type Clock, sleep } from '@jolly/contracts/values';
import {
  type CommandMessage,
  isFirstVersion,
  type Payload,
  type Refusal,
  readMessage,
  writeMessage,
  type XfsMessage,
} from '@jolly/drivers/xfs4iot';
import type { WebSocket } from 'ws';
import type { Fault } from './actions.ts';

/** How a command ended. */
export interface Outcome {
  readonly code: string;
  readonly payload?: Payload;
  readonly description?: string;
}

/** A command under way: it may send events, and ends early when it is cancelled or its time is over. */
export interface Running {
  readonly command: CommandMessage;
  readonly signal: AbortSignal;
  event(name: string, payload?: Payload): void;
}

/** What a service does with a command. */
export interface ServiceLogic {
  /** `Interface.Message` of the commands it knows. */
  readonly commands: readonly string[];
  run(running: Running): Promise<Outcome>;
}

const done = (code: string, description: string): Outcome => ({ code, description });

/** One client of one service: acknowledges, queues, cancels and completes as the specification says (xfs4iot.md 2). */
export class ServiceConnection {
  readonly #socket: WebSocket;
  readonly #logic: ServiceLogic;
  readonly #clock: Clock;
  readonly #versions: readonly string[];
  readonly #faultFor: (command: string) => Fault | undefined;
  readonly #open = new Map<number, AbortController>();
  #turn: Promise<void> = Promise.resolve();

  constructor(
    socket: WebSocket,
    logic: ServiceLogic,
    context: {
      readonly clock: Clock;
      readonly versions: readonly string[];
      readonly faultFor: (command: string) => Fault | undefined;
      readonly heard: (text: string) => void;
    },
  ) {
    this.#socket = socket;
    this.#logic = logic;
    this.#clock = context.clock;
    this.#versions = context.versions;
    this.#faultFor = context.faultFor;
    socket.on('message', (data) => {
      const text = String(data);
      context.heard(text);
      this.#heard(text);
    });
    socket.on('close', () => {
      for (const each of this.#open.values()) each.abort();
    });
  }

  unsolicited(name: string, payload: Payload): void {
    this.#send({ type: 'unsolicited', name, version: this.#versions[0] ?? '1.0', payload });
  }

  #send(message: XfsMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(writeMessage(message));
  }

  #heard(text: string): void {
    const read = readMessage(text);
    if (!read.ok || read.message.type !== 'command') {
      const { name, requestId } =
        read.ok && 'requestId' in read.message ? read.message : { name: 'Common.Unknown', requestId: 0 };
      this.#refuse(
        { name, requestId, version: this.#versions[0] ?? '1.0' },
        read.ok ? 'invalidMessage' : 'invalidMessage',
      );
      return;
    }
    const command = read.message;
    const { requestId, name } = command;
    // a version nobody here speaks is not understood
    const spoken = this.#versions.some(
      (version) => isFirstVersion(version) === isFirstVersion(command.version),
    );
    if (!spoken) {
      this.#refuse({ ...command, version: this.#versions[0] ?? '1.0' }, 'invalidMessage');
      return;
    }
    if (this.#open.has(requestId)) {
      this.#refuse(command, 'invalidRequestID');
      return;
    }
    const fault = this.#faultFor(name);
    switch (fault?.fault) {
      case 'deaf':
        return;
      case 'close':
        this.#socket.close();
        return;
      case 'refuse':
        this.#refuse(command, 'tooManyRequests');
        return;
      case 'nonsense':
        this.#socket.send('{"header":');
        break;
      default:
    }
    const { version } = command;
    this.#send({ type: 'acknowledge', name, requestId, version, status: 'ok' });
    if (fault?.fault === 'mute') return;
    if (name === 'Common.Cancel') {
      this.#cancel(command);
      this.#complete(command, { code: 'success' });
      return;
    }
    const controller = new AbortController();
    this.#open.set(requestId, controller);
    this.#turn = this.#turn.then(() => this.#run(command, controller, fault));
  }

  #refuse(
    to: { readonly name: string; readonly requestId: number; readonly version: string },
    status: Refusal,
  ): void {
    const { name, requestId, version } = to;
    this.#send({ type: 'acknowledge', name, requestId, version, status });
  }

  #cancel({ payload }: CommandMessage): void {
    const { requestIds } = payload;
    const wanted = Array.isArray(requestIds) ? requestIds : [...this.#open.keys()];
    for (const id of wanted) if (typeof id === 'number') this.#open.get(id)?.abort();
  }

  async #run(command: CommandMessage, controller: AbortController, fault: Fault | undefined): Promise<void> {
    const outcome = controller.signal.aborted
      ? done('canceled', 'in the queue')
      : await this.#outcome(command, controller, fault);
    this.#open.delete(command.requestId);
    this.#complete(command, outcome);
  }

  async #outcome(
    command: CommandMessage,
    controller: AbortController,
    fault: Fault | undefined,
  ): Promise<Outcome> {
    if (fault?.fault === 'slow') await sleep(this.#clock, fault.ms);
    else if (fault && fault.fault !== 'nonsense') return done(fault.fault, 'as asked for');
    if (!this.#logic.commands.includes(command.name)) return done('unsupportedCommand', 'not known here');
    let timedOut = false;
    const stopTimer =
      command.timeout === 0
        ? () => undefined
        : this.#clock.after(command.timeout, () => {
            timedOut = true;
            controller.abort();
          });
    try {
      const { name: _, ...rest } = command;
      const outcome = await this.#logic.run({
        command,
        signal: controller.signal,
        event: (name, payload = {}) => {
          const { requestId, version } = rest;
          this.#send({ type: 'event', name, requestId, version, payload });
        },
      });
      return outcome.code === 'canceled' && timedOut ? done('timeOut', 'the time is over') : outcome;
    } finally {
      stopTimer();
    }
  }

  #complete(
    { name, requestId, version }: CommandMessage,
    { code, payload = {}, description }: Outcome,
  ): void {
    const said = description === undefined ? {} : { errorDescription: description };
    this.#send({ type: 'completion', name, requestId, version, completionCode: code, ...said, payload });
  }
}
