import type { NumberedMigration } from '../store/index.ts';

/** What makes a payment one: a terminal only ever sees its own. */
export interface PaymentKey {
  readonly tenantId: string;
  readonly terminalId: string;
  readonly kioskPaymentId: string;
}

interface KeyColumns {
  tenant_id: string;
  terminal_id: string;
  kiosk_payment_id: string;
}

export interface PaymentTables {
  payment: KeyColumns & {
    notice_number: string;
    creditor_tax_code: string;
    /** A `PaymentState`. */
    state: string;
    started_at: number;
    /** Amount the citizen consented to at activation, cents. */
    asked_cents: number | null;
    /** `Activation` as JSON, once the node opened a session. */
    activation: string | null;
    /** `PaymentProblem` as JSON of the last refused activation. */
    problem: string | null;
    fault_code: string | null;
    /** `OutcomeRequest` as JSON: the first that came is the one that counts. */
    outcome: string | null;
    outcome_at: number | null;
    /** `CardEvidence` as JSON, also of a charge that came too late to be an outcome. */
    card: string | null;
    charged_at: number | null;
    acknowledged_at: number | null;
    /** The node's word on the outcome, as in `OutcomeAnswer.answer`. */
    answer: string | null;
    /** none | printed | phone | provisional */
    receipt: string;
    receipt_at: number | null;
    /** When the worker must look again at a late payment, a silent terminal or money not yet given back. */
    look_at: number | null;
    looks: number;
    /** `NoticeShown` as JSON: what the verification said, for gateways whose activation does not repeat it. */
    shown: string | null;
    /** `FeeBundle` as JSON of the activation. */
    bundle: string | null;
  };
  /** A request to the node: stored before it is sent, sent again unchanged until it is answered. */
  gateway_call: KeyColumns & {
    operation: string;
    seq: number;
    idempotency_key: string;
    /** The exact body, sealed (it holds the password); emptied once answered. */
    body_sealed: string;
    stored_at: number;
    attempts: number;
    /** When to send (again); null = answered, or given up. */
    next_at: number | null;
    answered_at: number | null;
  };
  /** One request to a gateway that drives the card; a payment has another only once the one before is known. */
  authorisation: KeyColumns & {
    seq: number;
    session_id: string;
    pos_terminal_id: string;
    amount_cents: number;
    /** The terminal's name of the request; null = asked before requests had one. */
    attempt: number | null;
    /** An `AuthorisationResponse.state` other than `none`. */
    state: string;
    reason: string | null;
    /** `CardEvidence` as JSON once approved. */
    card: string | null;
    asked_at: number;
    /** When the session is asked again; null = known, or a person has it. */
    look_at: number | null;
    /** When the platform's callback came. */
    told_at: number | null;
  };
  payment_step: KeyColumns & { seq: number; at: number; what: string; detail: string | null };
  payment_fact: KeyColumns & { seq: number; at: number; fact: string; received_at: number };
}

export const paymentMigrations: readonly NumberedMigration[] = [
  {
    name: '003-payments',
    up: async (db) => {
      await db.schema
        .createTable('payment')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('kiosk_payment_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('notice_number', 'varchar(18)', (column) => column.notNull())
        .addColumn('creditor_tax_code', 'varchar(11)', (column) => column.notNull())
        .addColumn('state', 'varchar(20)', (column) => column.notNull())
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('asked_cents', 'bigint')
        .addColumn('activation', 'text')
        .addColumn('problem', 'text')
        .addColumn('fault_code', 'varchar(80)')
        .addColumn('outcome', 'text')
        .addColumn('outcome_at', 'bigint')
        .addColumn('card', 'text')
        .addColumn('charged_at', 'bigint')
        .addColumn('acknowledged_at', 'bigint')
        .addColumn('answer', 'varchar(20)')
        .addColumn('receipt', 'varchar(12)', (column) => column.notNull())
        .addColumn('receipt_at', 'bigint')
        .addColumn('look_at', 'bigint')
        .addColumn('looks', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('payment_pk', ['tenant_id', 'terminal_id', 'kiosk_payment_id'])
        .addForeignKeyConstraint('payment_terminal', ['tenant_id', 'terminal_id'], 'terminal', [
          'tenant_id',
          'terminal_id',
        ])
        .execute();
      await db.schema
        .createIndex('payment_by_start')
        .on('payment')
        .columns(['tenant_id', 'started_at'])
        .execute();
      await db.schema
        .createIndex('payment_by_charge')
        .on('payment')
        .columns(['tenant_id', 'terminal_id', 'charged_at'])
        .execute();
      await db.schema.createIndex('payment_look').on('payment').column('look_at').execute();

      await db.schema
        .createTable('gateway_call')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('kiosk_payment_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('operation', 'varchar(30)', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('idempotency_key', 'varchar(40)', (column) => column.notNull())
        .addColumn('body_sealed', 'text', (column) => column.notNull())
        .addColumn('stored_at', 'bigint', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('next_at', 'bigint')
        .addColumn('answered_at', 'bigint')
        .addPrimaryKeyConstraint('gateway_call_pk', [
          'tenant_id',
          'terminal_id',
          'kiosk_payment_id',
          'operation',
          'seq',
        ])
        .addForeignKeyConstraint(
          'gateway_call_payment',
          ['tenant_id', 'terminal_id', 'kiosk_payment_id'],
          'payment',
          ['tenant_id', 'terminal_id', 'kiosk_payment_id'],
        )
        .addUniqueConstraint('gateway_call_key', ['tenant_id', 'idempotency_key'])
        .execute();
      await db.schema.createIndex('gateway_call_due').on('gateway_call').column('next_at').execute();

      await db.schema
        .createTable('payment_step')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('kiosk_payment_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('what', 'varchar(60)', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('detail', 'varchar(200)')
        .addPrimaryKeyConstraint('payment_step_pk', ['tenant_id', 'terminal_id', 'kiosk_payment_id', 'seq'])
        .execute();

      await db.schema
        .createTable('payment_fact')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('kiosk_payment_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('fact', 'text', (column) => column.notNull())
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('payment_fact_pk', ['tenant_id', 'terminal_id', 'kiosk_payment_id', 'seq'])
        .addForeignKeyConstraint(
          'payment_fact_payment',
          ['tenant_id', 'terminal_id', 'kiosk_payment_id'],
          'payment',
          ['tenant_id', 'terminal_id', 'kiosk_payment_id'],
        )
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('payment_fact').execute();
      await db.schema.dropTable('payment_step').execute();
      await db.schema.dropTable('gateway_call').execute();
      await db.schema.dropTable('payment').execute();
    },
  },
];

/** What MIL and the POS gateway need besides: a list of its own, so that numbers stay in order. */
export const gatewayMigrations: readonly NumberedMigration[] = [
  {
    name: '011-payment-gateways',
    up: async (db) => {
      await db.schema.alterTable('payment').addColumn('shown', 'text').execute();
      await db.schema.alterTable('payment').addColumn('bundle', 'text').execute();
      await db.schema
        .createTable('authorisation')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('kiosk_payment_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('session_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('pos_terminal_id', 'varchar(20)', (column) => column.notNull())
        .addColumn('amount_cents', 'bigint', (column) => column.notNull())
        .addColumn('state', 'varchar(12)', (column) => column.notNull())
        .addColumn('reason', 'varchar(120)')
        .addColumn('card', 'text')
        .addColumn('asked_at', 'bigint', (column) => column.notNull())
        .addColumn('look_at', 'bigint')
        .addColumn('told_at', 'bigint')
        .addPrimaryKeyConstraint('authorisation_pk', ['tenant_id', 'terminal_id', 'kiosk_payment_id', 'seq'])
        .addForeignKeyConstraint(
          'authorisation_payment',
          ['tenant_id', 'terminal_id', 'kiosk_payment_id'],
          'payment',
          ['tenant_id', 'terminal_id', 'kiosk_payment_id'],
        )
        .addUniqueConstraint('authorisation_session', ['tenant_id', 'session_id'])
        .execute();
      await db.schema.createIndex('authorisation_look').on('authorisation').column('look_at').execute();
    },
    down: async (db) => {
      await db.schema.dropTable('authorisation').execute();
      await db.schema.alterTable('payment').dropColumn('bundle').execute();
      await db.schema.alterTable('payment').dropColumn('shown').execute();
    },
  },
];

/** Requests for a card get the terminal's name of them: a list of its own, so that numbers stay in order. */
export const attemptMigrations: readonly NumberedMigration[] = [
  {
    name: '014-authorisation-attempt',
    up: async (db) => {
      await db.schema.alterTable('authorisation').addColumn('attempt', 'bigint').execute();
    },
    down: async (db) => {
      await db.schema.alterTable('authorisation').dropColumn('attempt').execute();
    },
  },
];
