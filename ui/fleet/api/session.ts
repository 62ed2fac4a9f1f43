import { CONSOLE_SESSION_ROUTE, SignInWays } from '@jolly/contracts/fleet-api';
import { callOpen } from './client.ts';

export async function signInWays(): Promise<SignInWays> {
  return SignInWays.parse(await callOpen('GET', '/console/sign-in'));
}

/** Demo sign-in; answers only on the server's own machine and in demo mode. */
export async function signInDemo(user: string): Promise<void> {
  await callOpen('POST', CONSOLE_SESSION_ROUTE, { user });
}

export async function signInLocal(user: string, password: string, totp?: string): Promise<void> {
  await callOpen('POST', `${CONSOLE_SESSION_ROUTE}/local`, {
    user,
    password,
    ...(totp === undefined ? {} : { totp }),
  });
}

export async function changeTenant(tenantId: string): Promise<void> {
  await callOpen('POST', `${CONSOLE_SESSION_ROUTE}/tenant`, { tenantId });
}

export async function signOut(): Promise<void> {
  await callOpen('DELETE', CONSOLE_SESSION_ROUTE);
}

/** Sets the password with the token of a link; the token travels in the body, never in an address that is logged. */
export async function setPassword(token: string, password: string): Promise<void> {
  await callOpen('POST', '/console/password', { token, password });
}
