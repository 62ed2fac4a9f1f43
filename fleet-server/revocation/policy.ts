/** A municipality's choice for when the CA gives no fresh answer. */
export interface RevocationPolicy {
  readonly policy: 'strict' | 'soft';
  /** How long after its end a revocation list is still used under `soft`. */
  readonly staleHours: number;
}

/** What is known of one certificate. */
export type RevocationState =
  | { readonly state: 'good'; readonly by: 'crl' | 'ocsp' }
  | { readonly state: 'revoked' }
  /** In no list that could be had, but the list's time is over since `staleMs`. */
  | { readonly state: 'stale'; readonly staleMs: number }
  | { readonly state: 'unknown' };

/** What a login rests upon, as it is recorded. */
export type RevocationFact = 'crl' | 'ocsp' | 'stale-crl' | 'unchecked';

export type RevocationVerdict =
  | { readonly accepted: true; readonly fact: RevocationFact }
  | { readonly accepted: false; readonly why: 'revoked' | 'unknown' };

const WORST: readonly RevocationFact[] = ['crl', 'ocsp', 'stale-crl', 'unchecked'];

/** Judges the states of a chain's certificates, the citizen's first. Revoked is revoked under every policy. */
export function judge(states: readonly RevocationState[], policy: RevocationPolicy): RevocationVerdict {
  if (states.some(({ state }) => state === 'revoked')) return { accepted: false, why: 'revoked' };
  const facts = states.map((state) => factOf(state, policy));
  if (facts.includes(undefined)) return { accepted: false, why: 'unknown' };
  const worst = facts.map((fact) => WORST.indexOf(fact ?? 'unchecked'));
  return { accepted: true, fact: WORST[Math.max(...worst)] ?? 'unchecked' };
}

function factOf(
  state: RevocationState,
  { policy, staleHours }: RevocationPolicy,
): RevocationFact | undefined {
  if (state.state === 'good') return state.by;
  if (policy === 'strict') return undefined;
  if (state.state === 'stale' && state.staleMs <= staleHours * 3_600_000) return 'stale-crl';
  return 'unchecked';
}
