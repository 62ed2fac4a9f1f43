export { MailSettings, mailer, type SendMail } from './mailer.ts';
