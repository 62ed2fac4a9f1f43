import type { LoginContext, LoginLevel, LoginMethod } from '@jolly/contracts/citizen-login';
import type { LoginProof, VerifiedCitizen } from '@jolly/contracts/fleet-api';
import type { RevocationFact } from '../revocation/index.ts';
import type { CitizenSettings } from './settings.ts';

/** What a proof is judged by, beside itself. */
export interface LoginAsked {
  readonly context: LoginContext;
  readonly level: LoginLevel;
  readonly settings: CitizenSettings;
  /** Epoch ms, and the municipality's zone for what is valid to the end of a day. */
  readonly now: number;
  readonly timeZone: string;
}

/** Who it is, and what the word on revocation rests upon; `none` where the way has no certificate to revoke. */
export interface Identified {
  readonly citizen: VerifiedCitizen;
  readonly revocation: RevocationFact | 'none';
}

/**
 * A way of identifying a citizen. The cards are the first two; a federated one (CIE by OIDC, SPID, the citizen's phone) is
 * another implementation, with its own kind of proof in the contract and its row in `server.ts`.
 */
export interface LoginWay {
  readonly method: LoginMethod;
  /** The levels it can give under a municipality's settings. */
  levels(settings: CitizenSettings): readonly LoginLevel[];
  /** Rejects with a refusal (refusals.ts); anything else is a failure of the server. */
  verify(proof: LoginProof, asked: LoginAsked): Promise<Identified>;
}
