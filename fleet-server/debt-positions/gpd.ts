import { isJollyError, type Secret } from '@jolly/contracts/values';
import { z } from 'zod';
import { type PlatformAnswer, type PlatformFetch, platformError } from '../platform/index.ts';
import type { DebtPositions, NewPosition } from './port.ts';

export interface GpdSettings {
  /** e.g. `https://api.platform.pagopa.it/gpd/debt-positions-service/v1`. */
  readonly url: string;
  readonly timeoutMs: number;
}

/** The part of `PaymentPositionModelBaseResponse` that is read. */
const Kept = z.object({
  paymentOption: z
    .array(z.object({ nav: z.string().regex(/^\d{18}$/), iuv: z.string(), amount: z.int().min(1) }))
    .length(1),
});

/** The body of a new position, version 1 (pagopa.md 6.3; `PaymentPositionModel` of gpd.json). Pure. */
export function gpdBody(position: NewPosition): object {
  const dueDate = new Date(position.payableUntil).toISOString();
  return {
    iupd: position.iupd,
    type: position.debtor.kind === 'person' ? 'F' : 'G',
    payStandIn: true,
    fiscalCode: position.debtor.taxCode,
    fullName: position.debtor.name,
    companyName: position.creditorName,
    // who turned away leaves no debt behind
    switchToExpired: true,
    paymentOption: [
      {
        nav: position.notice.noticeNumber,
        iuv: position.iuv,
        amount: position.amountCents,
        description: position.description,
        isPartialPayment: false,
        dueDate,
        retentionDate: dueDate,
        paymentOptionMetadata: [],
        transfer: position.transfers.map(({ amountCents, category, iban }, index) => ({
          idTransfer: String(index + 1),
          amount: amountCents,
          organizationFiscalCode: position.notice.creditorTaxCode,
          remittanceInformation: position.description,
          category,
          iban,
          transferMetadata: [],
        })),
      },
    ],
  };
}

/** The platform's archive of debt positions. */
export class GpdDebtPositions implements DebtPositions {
  readonly #settings: GpdSettings;
  readonly #key: () => Promise<Secret<string>>;
  readonly #fetch: PlatformFetch;

  constructor(parts: {
    readonly settings: GpdSettings;
    readonly key: () => Promise<Secret<string>>;
    readonly fetch: PlatformFetch;
  }) {
    this.#settings = parts.settings;
    this.#key = parts.key;
    this.#fetch = parts.fetch;
  }

  publish: DebtPositions['publish'] = async (position) => {
    const path = `${at(position.notice.creditorTaxCode)}?toPublish=true`;
    const answer = await this.#ask('POST', path, gpdBody(position));
    if ('reason' in answer) return { answer: 'unreachable', reason: answer.reason };
    if (answer.status === 201) return { answer: 'created' };
    if (answer.status === 409) return { answer: 'conflict' };
    // 401, 403 and 429 are ours or the moment's; what the archive will never take is 400 and the like
    if ([400, 404, 422].includes(answer.status)) return { answer: 'refused', status: answer.status };
    return { answer: 'unreachable', reason: `status-${answer.status}` };
  };

  find: DebtPositions['find'] = async (creditorTaxCode, iupd) => {
    const answer = await this.#ask('GET', `${at(creditorTaxCode)}/${encodeURIComponent(iupd)}`);
    if ('reason' in answer) return { answer: 'unreachable', reason: answer.reason };
    if (answer.status === 404) return { answer: 'absent' };
    if (answer.status !== 200) return { answer: 'unreachable', reason: `status-${answer.status}` };
    const kept = Kept.safeParse(answer.json);
    const [option] = kept.data?.paymentOption ?? [];
    if (!option) return { answer: 'unreachable', reason: platformError('PLATFORM_ANSWER_INVALID').code };
    const { nav, iuv, amount } = option;
    return { answer: 'found', position: { noticeNumber: nav, iuv, amountCents: amount } };
  };

  async #ask(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
  ): Promise<PlatformAnswer | { readonly reason: string }> {
    try {
      return await this.#fetch({
        method,
        url: `${this.#settings.url.replace(/\/$/, '')}${path}`,
        key: await this.#key(),
        timeoutMs: this.#settings.timeoutMs,
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      if (isJollyError(error)) return { reason: error.code };
      throw error;
    }
  }
}

const at = (creditorTaxCode: string): string =>
  `/organizations/${encodeURIComponent(creditorTaxCode)}/debtpositions`;
