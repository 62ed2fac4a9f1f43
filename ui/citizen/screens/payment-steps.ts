import { useWords } from '@jolly/ui-kit/messages';

/** The four steps of a payment; `now` counts from 0. */
export function usePaymentSteps(now: number): { readonly names: readonly string[]; readonly now: number } {
  const { t } = useWords();
  return { names: [t('step.notice'), t('step.check'), t('step.pay'), t('step.receipt')], now };
}
