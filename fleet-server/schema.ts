import { alertMigrations } from './alerts/index.ts';
import { assistanceMigrations } from './assistance/index.ts';
import { auditMigrations } from './audit/index.ts';
import { citizenMigrations } from './citizens/index.ts';
import { commandMigrations } from './commands/index.ts';
import { debtPositionMigrations } from './debt-positions/index.ts';
import { enrolmentMigrations } from './enrolment/index.ts';
import { identityMigrations } from './identity/index.ts';
import { linkMigrations } from './link/index.ts';
import { operatorMigrations } from './operator/index.ts';
import { attemptMigrations, gatewayMigrations, paymentMigrations } from './payments/index.ts';
import { peopleMigrations } from './people/index.ts';
import { receiptMigrations } from './receipts/index.ts';
import { reconciliationMigrations } from './reconciliation/index.ts';
import { storageMigrations } from './retention/index.ts';
import { secretMigrations } from './sealing/index.ts';
import type { NumberedMigration } from './store/index.ts';
import { telemetryMigrations } from './telemetry/index.ts';
import { terminalMigrations } from './terminals/index.ts';
import { twinMigrations } from './twin/index.ts';

/** Every migration of the server, in the order of their numbers. Each lives with the capability that owns the table. */
export const allMigrations: readonly NumberedMigration[] = [
  ...identityMigrations,
  ...secretMigrations,
  ...paymentMigrations,
  ...operatorMigrations,
  ...telemetryMigrations,
  ...terminalMigrations,
  ...receiptMigrations,
  ...reconciliationMigrations,
  ...citizenMigrations,
  ...gatewayMigrations,
  ...debtPositionMigrations,
  ...assistanceMigrations,
  ...attemptMigrations,
  ...enrolmentMigrations,
  ...linkMigrations,
  ...twinMigrations,
  ...peopleMigrations,
  ...commandMigrations,
  ...auditMigrations,
  ...alertMigrations,
  ...storageMigrations,
].toSorted((one, other) => (one.name < other.name ? -1 : 1));
