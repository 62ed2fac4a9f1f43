import { z } from 'zod';
import { LoginLevel, LoginMethod, LoginNonce } from '../citizen-login/index.ts';

/** Standard base64 of at most `bytes` bytes. */
const base64 = (bytes: number) =>
  z
    .string()
    .max(Math.ceil(bytes / 3) * 4)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/);

/** Asks for a challenge. Answered with `LoginChallenge`, or refused when the municipality does not accept the way. */
export const LoginRequest = z.object({
  sessionId: z.uuid(),
  method: LoginMethod,
  level: LoginLevel,
});
export type LoginRequest = z.infer<typeof LoginRequest>;

/** Bound to tenant, terminal (both of the signed call) and session; answered once, until `expiresAt` (epoch ms). */
export const LoginChallenge = z.object({
  loginId: z.uuid(),
  nonce: LoginNonce,
  at: z.int(),
  expiresAt: z.int(),
});
export type LoginChallenge = z.infer<typeof LoginChallenge>;

/** What the card gave. All files as read, cut to their DER length. */
export const LoginProof = z.discriminatedUnion('kind', [
  /** CIE and PIN: signature of key 81 over `loginText`; the SOD binds certificate and NIS (entries A3, A1). */
  z.object({
    kind: z.literal('cie-pin'),
    certificate: base64(8_192),
    signature: base64(512),
    nis: z.string().regex(/^\d{12}$/),
    sod: base64(16_384),
  }),
  /** TS-CNS and PIN: signature of C.Carta over `loginText`. */
  z.object({ kind: z.literal('cns-pin'), certificate: base64(8_192), signature: base64(512) }),
  /**
   * CIE without PIN: key 83 (EF 1005, entry A5) answers the nonce's 32 bytes; the serial (entry A2) is the document number of
   * DG1, which binds the proof to the travel document's own data and SOD.
   */
  z.object({
    kind: z.literal('cie-card'),
    nis: z.string().regex(/^\d{12}$/),
    antiCloneKey: base64(1_024),
    antiCloneAnswer: base64(512),
    sod: base64(16_384),
    dg1: base64(256),
    dg11: base64(4_096).optional(),
    documentSod: base64(16_384),
  }),
]);
export type LoginProof = z.infer<typeof LoginProof>;

/** Why a proof was not accepted. */
export const LoginProblem = z.enum([
  'challenge-unknown', // never given, already answered, or given to somebody else
  'challenge-expired',
  'method-not-accepted',
  'signature-wrong',
  'certificate-unreadable',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-revoked',
  'revocation-unknown', // nobody could be asked, and the policy wants an answer
  'sod-untrusted',
  'sod-mismatch', // the certificate, key or data is not that of this card
  'document-expired',
  'identity-unreadable', // no valid fiscal code in the certificate or document
]);
export type LoginProblem = z.infer<typeof LoginProblem>;

export const VerifiedCitizen = z.object({
  fiscalCode: z.string().regex(/^[A-Z0-9]{16}$/),
  givenName: z.string().max(120),
  familyName: z.string().max(120),
  birthDate: z.iso.date().optional(),
});
export type VerifiedCitizen = z.infer<typeof VerifiedCitizen>;

/** A citizen's session as the services use it: who, how surely, how, when. */
export const CitizenSession = z.object({
  citizen: VerifiedCitizen,
  method: LoginMethod,
  level: LoginLevel,
  at: z.int(),
  expiresAt: z.int(),
});
export type CitizenSession = z.infer<typeof CitizenSession>;

export const LoginResponse = z.discriminatedUnion('result', [
  z.object({
    result: z.literal('verified'),
    /** Opaque, 32 bytes base64url; sent back in `CITIZEN_HEADER`. Worth nothing on another terminal. */
    token: LoginNonce,
    session: CitizenSession,
  }),
  z.object({ result: z.literal('refused'), problem: LoginProblem }),
]);
export type LoginResponse = z.infer<typeof LoginResponse>;
