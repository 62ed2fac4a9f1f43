import type { Transaction } from '../store/index.ts';

/** In the place of a municipality's id, for what is the service centre's own; no municipality can be called so. */
export const CENTRE = '*';

/** One act of a person or of the server itself. No secret, no citizen's data. */
export interface AuditEntry {
  /** The municipality whose log it stands in, or `CENTRE`. */
  readonly tenantId: string;
  /** User name of a person; `system` for what the server does by itself. */
  readonly actor: string;
  /** Past tense, e.g. `enrolment-accepted`, `settings-written`, `command-sent`. */
  readonly act: string;
  /** What it was done to: a terminal id, a person's user name, a layer. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** The log nobody can change unnoticed. What is done and its line are one transaction: neither is there without the other. */
export interface Audit {
  record(tx: Transaction, entry: AuditEntry): Promise<void>;
}
