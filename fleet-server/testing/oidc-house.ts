import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface OidcHouse {
  readonly issuer: string;
  /** Goes through the provider's pages as the account would; resolves to the address it is sent back to. */
  visit(start: string, account: string): Promise<string>;
  close(): Promise<void>;
}

/** A real OpenID provider on this machine, with its own pages of sign-in and consent. */
export async function openOidcHouse(options: {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly accounts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}): Promise<OidcHouse> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        redirect_uris: [options.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username', 'groups'],
      email: ['email', 'email_verified'],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['only for tests'] },
    findAccount: (_context: unknown, id: string) => {
      const claims = options.accounts[id];
      return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
    },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    visit: (start, account) => visit(issuer, start, account),
    close: () => closed(server),
  };
}

async function visit(issuer: string, start: string, account: string): Promise<string> {
  const jar = new Map<string, string>();
  let next = start;
  let form: URLSearchParams | undefined;
  for (let steps = 0; steps < 15; steps++) {
    if (!next.startsWith(issuer)) return next;
    const response = await fetch(next, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { body: form } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const page = await response.text();
    const location = response.headers.get('location');
    form = undefined;
    if (location) {
      next = new URL(location, next).href;
      continue;
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (!prompt) throw new Error(`the provider: ${response.status} ${page.slice(0, 300)}`);
    form = new URLSearchParams({ prompt, login: account, password: 'x' });
  }
  throw new Error('the provider sends round and round');
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
