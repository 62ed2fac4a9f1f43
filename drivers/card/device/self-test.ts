import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { SelfTestStep } from '../../health/index.ts';
import type { LookedAt, Presence } from '../port.ts';
import type { Slot } from '../reader/index.ts';

/** What the self-test looks at. */
export interface SelfTested {
  readonly clock: Clock;
  slots(): readonly Slot[];
  trouble(): string | undefined;
  presence(): Presence;
  look(): Promise<LookedAt>;
}

/** Troubles of a reader that is not plugged in; every other one is of the service. */
const READER_TROUBLES: ReadonlySet<string> = new Set(['no-readers']);

/** Service, reader, card or none. Spends no try and reads nothing personal. */
export async function runSelfTest(tested: SelfTested): Promise<readonly SelfTestStep[]> {
  const { clock } = tested;
  const started = clock.monotonic();
  const step = (name: string, ok: boolean, detail: string, cure?: string): SelfTestStep => ({
    name,
    ok,
    durationMs: Math.round(clock.monotonic() - started),
    detail,
    ...(cure === undefined ? {} : { cure }),
  });
  const trouble = tested.trouble();
  const slots = tested.slots();
  const served = trouble === undefined || READER_TROUBLES.has(trouble) || slots.length > 0;
  const service = step('service', served, trouble ?? 'ok', served ? undefined : 'check that pcscd runs');
  if (!served) return [service];
  const names = slots.map(({ name }) => name).join(', ');
  if (slots.length === 0) {
    return [service, step('reader', false, 'no-readers', 'check the cable of the reader')];
  }
  const reader = step('reader', true, names);
  const presence = tested.presence();
  if (presence.state === 'none') return [service, reader, step('card', true, 'none')];
  if (presence.state !== 'one') {
    return [service, reader, step('card', false, presence.state, 'leave one card only')];
  }
  try {
    const { kind } = await tested.look();
    return [service, reader, step('card', true, kind)];
  } catch (error) {
    const { code, entry } = isJollyError(error) ? error : { code: 'fault', entry: undefined };
    return [service, reader, step('card', false, code, entry?.cure ?? 'try another card')];
  }
}
