import * as client from 'openid-client';
import { CENTRE } from '../audit/index.ts';
import { fail } from '../problems/index.ts';
import type { OidcSecretName, Vault } from '../sealing/index.ts';
import type { OidcProvider } from './settings.ts';

const TIMEOUT_S = 10;
/** What a provider says of itself is asked again after so long. */
const KEEP_MS = 3_600_000;

/** What the browser keeps, sealed, while it is at the provider. */
export interface Journey {
  readonly provider: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly at: number;
}

/** What a provider has proved of somebody. */
export interface ProvenIdentity {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface OidcClient {
  start(redirectUri: string, now: number): Promise<{ readonly url: string; readonly journey: Journey }>;
  /** Throws SIGN_IN_REFUSED when the answer is not one to this journey, PROVIDER_UNREACHABLE when nobody can tell. */
  finish(address: URL, journey: Journey, now: number): Promise<ProvenIdentity>;
}

/** One provider, by the authorization code flow with PKCE, state and nonce; its signature and issuer are checked by openid-client. */
export function openOidcClient(
  provider: OidcProvider,
  vault: Vault,
  failed: (error: unknown) => void,
): OidcClient {
  const secretName: OidcSecretName = `oidc-${provider.id}`;
  let known:
    | { readonly config: client.Configuration; readonly secret: string; readonly at: number }
    | undefined;

  const configOf = async (now: number): Promise<client.Configuration> => {
    const secret = (await vault.get(CENTRE, secretName)).reveal();
    if (known && known.secret === secret && now - known.at < KEEP_MS) return known.config;
    const issuer = new URL(provider.issuer);
    const config = await client.discovery(
      issuer,
      provider.clientId,
      undefined,
      client.ClientSecretBasic(secret),
      // The settings let http pass on loopback only.
      { timeout: TIMEOUT_S, execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [] },
    );
    known = { config, secret, at: now };
    return config;
  };
  const asked = async <R>(work: () => Promise<R>): Promise<R> => {
    try {
      return await work();
    } catch (error) {
      failed(error);
      throw fail(isRefusal(error) ? 'SIGN_IN_REFUSED' : 'PROVIDER_UNREACHABLE', {}, { cause: error });
    }
  };

  return {
    start: (redirectUri, now) =>
      asked(async () => {
        const config = await configOf(now);
        const journey: Journey = {
          provider: provider.id,
          state: client.randomState(),
          nonce: client.randomNonce(),
          verifier: client.randomPKCECodeVerifier(),
          at: now,
        };
        const url = client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: provider.scopes.join(' '),
          state: journey.state,
          nonce: journey.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(journey.verifier),
          code_challenge_method: 'S256',
          ...(provider.acr ? { acr_values: provider.acr.join(' ') } : {}),
        });
        return { url: url.href, journey };
      }),
    finish: (address, journey, now) =>
      asked(async () => {
        const config = await configOf(now);
        const tokens = await client.authorizationCodeGrant(config, address, {
          pkceCodeVerifier: journey.verifier,
          expectedState: journey.state,
          expectedNonce: journey.nonce,
          idTokenExpected: true,
        });
        const id = tokens.claims();
        if (!id) throw fail('SIGN_IN_REFUSED');
        // Many providers say who somebody is only there.
        const more = config.serverMetadata().userinfo_endpoint
          ? await client.fetchUserInfo(config, tokens.access_token, id.sub)
          : {};
        return { subject: id.sub, claims: { ...more, ...id } };
      }),
  };
}

/** The provider, or the check of its answer, said no: asking again changes nothing. */
function isRefusal(error: unknown): boolean {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError)
    return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(SIGN_IN_REFUSED|OAUTH_(INVALID_RESPONSE|JWT_|INVALID_))/.test(code);
}
