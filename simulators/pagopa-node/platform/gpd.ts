import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { PagopaNode } from '../node.ts';
import { makeNotice } from '../notices.ts';

/** The archive of debt positions, version 1 (gpd.json 1.1.35), as far as a spontaneous payment needs it. */
export const GPD_PATH = '/gpd/debt-positions-service/v1';

const short = z.string().min(0).max(140);
const Metadata = z.array(z.object({ key: z.string(), value: z.string().optional() })).max(10);

const Transfer = z.object({
  idTransfer: z.enum(['1', '2', '3', '4', '5']),
  amount: z.int().min(1),
  organizationFiscalCode: z.string().optional(),
  remittanceInformation: short,
  category: z.string(),
  iban: z.string().regex(/^[A-Za-z0-9]{1,35}$/),
  transferMetadata: Metadata,
});

const Option = z.object({
  nav: z.string().regex(/^\d{18}$/),
  iuv: z.string().regex(/^\d{1,35}$/),
  amount: z.int().min(1),
  description: short,
  isPartialPayment: z.boolean(),
  dueDate: z.iso.datetime(),
  retentionDate: z.iso.datetime().optional(),
  transfer: z.array(Transfer).min(1).max(5),
  paymentOptionMetadata: Metadata,
});

const NewPosition = z.object({
  iupd: z.string().min(1),
  type: z.enum(['F', 'G']),
  payStandIn: z.boolean().default(true),
  fiscalCode: z.string().min(1),
  fullName: z.string().min(1),
  companyName: short,
  officeName: short.optional(),
  switchToExpired: z.boolean(),
  validityDate: z.iso.datetime().optional(),
  // the node knows one notice for each: plans of instalments are not played here
  paymentOption: z.array(Option).length(1),
});
type NewPosition = z.infer<typeof NewPosition>;

/** A position as it was made, and when; what became of it is in the node's books. */
export interface GpdRecord {
  readonly creditorTaxCode: string;
  readonly position: NewPosition;
  readonly insertedAt: number;
  readonly published: boolean;
}

const problem = (reply: FastifyReply, status: number, title: string, detail: string) =>
  reply.code(status).send({ title, status, detail });

/** Its positions are the node's: what is published can be paid, what was paid is PAID. */
export class GpdArchive {
  readonly #node: PagopaNode;
  readonly #records = new Map<string, GpdRecord>();

  constructor(node: PagopaNode) {
    this.#node = node;
  }

  records(): readonly GpdRecord[] {
    return [...this.#records.values()];
  }

  restore(records: readonly GpdRecord[]): void {
    for (const record of records)
      this.#records.set(keyOf(record.creditorTaxCode, record.position.iupd), record);
  }

  serve(app: FastifyInstance): void {
    const base = `${GPD_PATH}/organizations/:ec/debtpositions`;
    app.post<{ Params: { ec: string }; Querystring: { toPublish?: string } }>(
      base,
      async (request, reply) => {
        const parsed = NewPosition.safeParse(request.body);
        if (!parsed.success) {
          const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
          return problem(reply, 400, 'Bad request', faults.join('; '));
        }
        return this.#create(request.params.ec, parsed.data, request.query.toPublish === 'true', reply);
      },
    );
    app.get<{ Params: { ec: string; iupd: string } }>(`${base}/:iupd`, async (request, reply) => {
      const { ec, iupd } = request.params;
      const record = this.#records.get(keyOf(ec, iupd));
      if (!record) return problem(reply, 404, 'Not found', 'Not found a debt position with this IUPD');
      return this.#shown(record);
    });
  }

  #create(creditorTaxCode: string, position: NewPosition, publish: boolean, reply: FastifyReply) {
    const [option] = position.paymentOption;
    const sum = option?.transfer.reduce((total, { amount }) => total + amount, 0);
    if (!option || sum !== option.amount)
      return problem(reply, 400, 'Bad request', 'The transfers do not add up to the payment option');
    const { iupd } = position;
    const taken = this.records().some(
      (record) =>
        record.creditorTaxCode === creditorTaxCode &&
        record.position.paymentOption.some(({ iuv }) => iuv === option.iuv),
    );
    if (this.#records.has(keyOf(creditorTaxCode, iupd)) || taken)
      return problem(reply, 409, 'Conflict', 'Already exists a debt position with this IUPD or IUV');
    if (this.#node.books.position(creditorTaxCode, option.nav))
      return problem(reply, 409, 'Conflict', 'Already exists a payment option with this NAV');
    const insertedAt = this.#node.now();
    this.#records.set(keyOf(creditorTaxCode, iupd), {
      creditorTaxCode,
      position,
      insertedAt,
      published: publish,
    });
    if (publish) {
      this.#node.addNotice(
        makeNotice({
          counter: 0,
          today: insertedAt,
          noticeNumber: option.nav,
          creditorTaxCode,
          creditorName: position.companyName,
          office: position.officeName ?? 'Servizi al cittadino',
          description: option.description,
          label: 'Pagamento spontaneo',
          amountCents: option.amount,
          dueDate: option.dueDate.slice(0, 10),
        }),
      );
    }
    return reply.code(201).send({ ...position, status: publish ? 'VALID' : 'DRAFT' });
  }

  #shown({ creditorTaxCode, position, insertedAt, published }: GpdRecord) {
    const [option] = position.paymentOption;
    const kept = option && this.#node.books.position(creditorTaxCode, option.nav);
    const receipt = this.#node.books.receipts.find(({ noticeNumber }) => noticeNumber === option?.nav);
    const paid = kept?.state === 'PAID';
    const inserted = new Date(insertedAt).toISOString();
    const paidAt = receipt && { paymentDate: new Date(receipt.at).toISOString() };
    const status = paid ? 'PAID' : published ? 'VALID' : 'DRAFT';
    const { iupd, type, companyName } = position;
    return {
      iupd,
      organizationFiscalCode: creditorTaxCode,
      type,
      companyName,
      insertedDate: inserted,
      lastUpdatedDate: paidAt?.paymentDate ?? inserted,
      ...(published ? { publishDate: inserted } : {}),
      ...paidAt,
      status,
      paymentOption: option
        ? [
            {
              nav: option.nav,
              iuv: option.iuv,
              organizationFiscalCode: creditorTaxCode,
              amount: option.amount,
              description: option.description,
              isPartialPayment: option.isPartialPayment,
              dueDate: option.dueDate,
              insertedDate: inserted,
              status: paid ? 'PO_PAID' : 'PO_UNPAID',
              ...(receipt ? { idReceipt: receipt.receiptId, ...paidAt } : {}),
              paymentOptionMetadata: [],
              transfer: option.transfer.map(({ organizationFiscalCode = creditorTaxCode, ...transfer }) => ({
                ...transfer,
                organizationFiscalCode,
                insertedDate: inserted,
                status: 'T_UNREPORTED',
              })),
            },
          ]
        : [],
    };
  }
}

const keyOf = (creditorTaxCode: string, iupd: string): string => `${creditorTaxCode}/${iupd}`;
