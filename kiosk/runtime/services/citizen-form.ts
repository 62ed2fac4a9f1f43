import type { DebtPositionResponse } from '@jolly/contracts/fleet-api';
import type { NoticeKey } from '@jolly/contracts/notice';
import { isJollyError } from '@jolly/contracts/values';
import { canGoBack, type FormState, formScreen, moved, refused, sending, troubled } from './form.ts';
import type { CitizenForm, FormCommand, FormScreen, ServicesClient } from './port.ts';

export interface FormPorts {
  readonly client: Pick<ServicesClient, 'debtPosition'>;
  /** A fresh request id. */
  readonly newId: () => string;
  readonly log: (event: string, detail?: Readonly<Record<string, string>>) => void;
}

interface Request {
  readonly id: string;
  readonly answers: FormState['answers'];
}

/** A form with its answers, and the call that makes a debt position of them. */
export class OpenForm implements CitizenForm {
  readonly #ports: FormPorts;
  readonly #listeners = new Set<() => void>();
  #state: FormState | undefined;
  /** The last page: shown for as long as it takes the session to turn away. */
  #screen: FormScreen;
  #made: NoticeKey | undefined;
  /** The same answers are the same request, however often they are sent and whatever was tried in between. */
  #requests: readonly Request[] = [];
  /** The one that is out. */
  #sent: string | undefined;

  constructor(state: FormState, ports: FormPorts) {
    this.#state = state;
    this.#ports = ports;
    this.#screen = formScreen(state);
  }

  get screen(): FormScreen {
    return this.#screen;
  }

  get canGoBack(): boolean {
    return this.#state !== undefined && canGoBack(this.#state);
  }

  get made(): NoticeKey | undefined {
    return this.#made;
  }

  send(command: FormCommand): void {
    const state = this.#state;
    if (!state) return;
    if (command.type === 'submit-form') {
      if (state.at.page === 'review' && !state.busy) this.#submit(state);
      return;
    }
    const next = moved(state, command);
    if (next === state) return;
    this.#made = undefined;
    this.#show(next);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#state = undefined;
    this.#requests = [];
    this.#made = undefined;
    this.#listeners.clear();
    // nothing typed stays in a page that is kept by mistake
    this.#screen = {
      ...this.#screen,
      ...(this.#screen.name === 'service-field' ? { value: '' } : { answers: [] }),
    };
  }

  #submit(state: FormState): void {
    const { answers, entry } = state;
    const known = this.#requests.find((each) => sameAnswers(each.answers, answers));
    const request = known ?? { id: this.#ports.newId(), answers };
    if (!known) this.#requests = [...this.#requests, request];
    this.#sent = request.id;
    this.#made = undefined;
    this.#show(sending(state));
    this.#ports.client
      .debtPosition({ requestId: request.id, service: entry.id, version: entry.version, answers })
      .then(
        (response) => this.#answered(request.id, response),
        (error: unknown) => {
          if (!isJollyError(error)) throw error;
          this.#ports.log('debt-position-not-made', { code: error.code, service: entry.id });
          this.#answered(request.id, { result: 'unavailable' });
        },
      );
  }

  #answered(id: string, response: DebtPositionResponse): void {
    const state = this.#state;
    // the citizen has gone, or has written something else meanwhile
    if (!state?.busy || this.#sent !== id) return;
    if (response.result === 'created') {
      this.#made = response.notice;
      this.#show({ ...state, busy: false });
    } else if (response.result === 'refused') {
      // the same request would be refused for ever
      this.#requests = this.#requests.filter((each) => each.id !== id);
      this.#show(refused(state, response.faults));
    } else this.#show(troubled(state, 'server-unreachable'));
  }

  #show(state: FormState): void {
    this.#state = state;
    this.#screen = formScreen(state);
    for (const listener of [...this.#listeners]) listener();
  }
}

function sameAnswers(one: FormState['answers'], other: FormState['answers']): boolean {
  const fields = Object.keys(one);
  return fields.length === Object.keys(other).length && fields.every((field) => one[field] === other[field]);
}
