import type { Secret } from '@jolly/contracts/values';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { fail } from '../problems/index.ts';

/** The municipality's or the centre's mail server. Its password comes by `jolly secrets set centre smtp-password`. */
export const MailSettings = z.object({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(587),
  /** TLS from the first byte (465); otherwise STARTTLS, which is required unless `plain`. */
  tls: z.boolean().default(false),
  /** Only for a server on this machine: nothing is encrypted. */
  plain: z.boolean().default(false),
  from: z.email(),
  user: z.string().optional(),
});
export type MailSettings = z.infer<typeof MailSettings>;

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Hands a mail to the mail server. Rejects with MAIL_FAILED, which is worth another try. */
export type SendMail = (mail: Mail) => Promise<void>;

export function mailer(
  settings: MailSettings,
  password: () => Promise<Secret<string> | undefined>,
): SendMail {
  return async ({ to, subject, text }) => {
    const { host, port, tls, plain, from, user } = settings;
    const secret = user === undefined ? undefined : await password();
    const transport = createTransport({
      host,
      port,
      secure: tls,
      requireTLS: !tls && !plain,
      ignoreTLS: plain,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      ...(user === undefined || secret === undefined ? {} : { auth: { user, pass: secret.reveal() } }),
    });
    try {
      await transport.sendMail({ from, to: [...to], subject, text });
    } catch (cause) {
      throw fail('MAIL_FAILED', {}, { cause });
    } finally {
      transport.close();
    }
  };
}
