import { z } from 'zod';
import { ServiceId } from '../service-catalogue/index.ts';
import { Language, LoginAction, ProblemAction, RatingReason, SpeechSpeed, Theme } from './snapshot.ts';

/**
 * What the citizen wants, in words of the task and not of the widget. An intent that the present state does not know
 * is dropped and counted: ten taps on "Pay" are one payment, because the second finds another state.
 */
export const Intent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('touched') }), // any touch or key: the person is there
  z.object({ type: z.literal('start-payment') }),
  z.object({ type: z.literal('open-service'), service: z.string().max(40) }),
  z.object({ type: z.literal('type-notice') }),
  z.object({ type: z.literal('scan-notice') }),
  z.object({ type: z.literal('edit-field'), field: z.enum(['notice', 'creditor']) }),
  z.object({ type: z.literal('digit'), digit: z.string().regex(/^\d$/) }),
  z.object({ type: z.literal('erase') }),
  z.object({ type: z.literal('clear-field') }),
  z.object({ type: z.literal('submit-notice') }),
  /** Consent on a total: refused when it is not the total of the present screen. */
  z.object({ type: z.literal('consent'), totalCents: z.int().min(1) }),
  z.object({ type: z.literal('accept-phone-receipt') }),
  z.object({ type: z.literal('refuse') }),
  z.object({ type: z.literal('cancel-card') }),
  z.object({ type: z.literal('choose'), action: ProblemAction }),
  z.object({ type: z.literal('reprint') }),
  z.object({ type: z.literal('rate'), stars: z.int().min(1).max(5) }),
  z.object({ type: z.literal('rate-reason'), reason: RatingReason }),
  z.object({ type: z.literal('skip-rating') }),
  z.object({ type: z.literal('another-notice') }),
  z.object({ type: z.literal('finish') }),
  z.object({ type: z.literal('sign-in') }),
  /** A way on that a page of the login offers. */
  z.object({ type: z.literal('login'), action: LoginAction }),
  z.object({ type: z.literal('back') }),
  z.object({ type: z.literal('leave') }),
  z.object({ type: z.literal('start-over') }),
  z.object({ type: z.literal('help') }),
  z.object({ type: z.literal('open-languages') }),
  z.object({ type: z.literal('close-languages') }),
  z.object({ type: z.literal('set-language'), language: Language }),
  z.object({ type: z.literal('toggle-text-size') }),
  z.object({ type: z.literal('toggle-contrast') }),
  z.object({ type: z.literal('toggle-lowered') }),
  z.object({ type: z.literal('toggle-listen') }),
  z.object({ type: z.literal('open-aids') }),
  z.object({ type: z.literal('close-aids') }),
  z.object({ type: z.literal('set-theme'), theme: Theme }),
  z.object({ type: z.literal('set-hand'), hand: z.enum(['right', 'left']) }),
  z.object({ type: z.literal('set-speed'), speed: SpeechSpeed }),
  /** One step; past the end it stays. */
  z.object({ type: z.literal('volume'), step: z.enum(['up', 'down']) }),
  z.object({ type: z.literal('toggle-calm') }),
  z.object({ type: z.literal('toggle-more-time') }),
  z.object({ type: z.literal('toggle-abc-keys') }),
  /** Shows the preferences as a code to photograph. */
  z.object({ type: z.literal('show-preferences-code') }),
  /** The accessibility statement of this terminal. */
  z.object({ type: z.literal('show-statement') }),
  /** The municipality's notice on the home page. */
  z.object({ type: z.literal('read-news') }),
  /** After the headset was pulled out: go on without it. */
  z.object({ type: z.literal('uncover') }),
  z.object({ type: z.literal('call-person') }),
  z.object({ type: z.literal('pay-on-phone') }),
  z.object({ type: z.literal('show-summary') }),
  z.object({ type: z.literal('print-summary') }),
  z.object({ type: z.literal('open-services') }),
  z.object({ type: z.literal('services-page'), page: z.int().min(1).max(100) }),
  z.object({ type: z.literal('choose-service'), service: ServiceId }),
  /** A key of the on-screen keyboard, or one typed: a letter with its marks may be several code points. */
  z.object({ type: z.literal('write'), text: z.string().min(1).max(8) }),
  /** One of the values that a field offers. */
  z.object({ type: z.literal('pick'), value: z.string().max(80) }),
  z.object({ type: z.literal('submit-field') }),
  z.object({ type: z.literal('correct'), field: z.string().max(40) }),
  z.object({ type: z.literal('submit-form') }),
  z.object({ type: z.literal('still-here') }),
  z.object({ type: z.literal('more-time') }),
]);
export type Intent = z.infer<typeof Intent>;
export type IntentType = Intent['type'];
