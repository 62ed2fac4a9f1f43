import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoginContext, LoginLevel, LoginMethod } from '@jolly/contracts/citizen-login';
import {
  CITIZEN_HEADER,
  LoginChallenge,
  type LoginProof,
  LoginResponse,
  TERMINAL_ROUTES,
} from '@jolly/contracts/fleet-api';
import { ManualClock } from '@jolly/contracts/values';
import { CitizenSettings } from '../citizens/index.ts';
import type { ServerConfig } from '../config.ts';
import type { ServerParts } from '../server.ts';
import { TestAuthority } from './authority.ts';
import { TestCard, type TestCardOptions } from './cards.ts';
import { type Answer, Rig, TENANT, type TestTerminal } from './rig.ts';

export const OTHER_TENANT = 'altrove';

export interface Started {
  readonly loginId: string;
  readonly context: LoginContext;
  readonly expiresAt: number;
}

/** A municipality that takes cards: three authorities of the tests, and the server that believes them. */
export class CardTown {
  readonly clock = new ManualClock();
  readonly csca = new TestAuthority('CSCA', { now: this.clock.now() });
  readonly citizenCa = new TestAuthority('Citizens', { now: this.clock.now() });
  readonly cnsCa = new TestAuthority('Health cards', { now: this.clock.now() });
  readonly #folder = mkdtempSync(join(tmpdir(), 'jolly-town-'));
  readonly rig: Rig;

  readonly settings: CitizenSettings;

  constructor(
    settings: object = {},
    parts: Partial<Omit<ServerParts, 'clock'>> = {},
    config: Partial<ServerConfig> = {},
  ) {
    const citizens = CitizenSettings.parse({
      methods: ['cie-card-local', 'cns-card-local'],
      withoutPin: true,
      revocation: { policy: 'soft' },
      ...settings,
    });
    this.settings = citizens;
    const tenants = [TENANT, OTHER_TENANT].map((id) => ({
      id,
      name: 'Comune di Prova',
      timeZone: 'Europe/Rome',
      creditorTaxCode: '77777777777',
      citizens,
    }));
    const trust = {
      csca: [this.pem('csca', this.csca)],
      citizenCa: [this.pem('citizens', this.citizenCa)],
      cnsCa: [this.pem('cns', this.cnsCa)],
    };
    this.rig = new Rig({ tenants, trust, ...config }, { clock: this.clock, ...parts });
  }

  pem(name: string, ...authorities: readonly TestAuthority[]): string {
    const file = join(this.#folder, `${name}.pem`);
    writeFileSync(file, authorities.map(({ pem }) => pem).join(''));
    return file;
  }

  card(over: Partial<TestCardOptions> = {}): TestCard {
    return new TestCard({ citizenCa: this.citizenCa, csca: this.csca, ...over });
  }

  /** Asks for a challenge; the context is the one an honest terminal would have signed. */
  async ask(
    terminal: TestTerminal,
    over: { method?: LoginMethod; level?: LoginLevel; sessionId?: string; tenantId?: string } = {},
  ): Promise<Started> {
    const { method = 'cie-card-local', level = 'pin', sessionId = randomUUID() } = over;
    const answer = await terminal.call('POST', TERMINAL_ROUTES.logins, { method, level, sessionId });
    const { loginId, nonce, at, expiresAt } = LoginChallenge.parse(answer.body);
    const context = { tenantId: terminal.tenantId, terminalId: terminal.terminalId, sessionId, nonce, at };
    return { loginId, context, expiresAt };
  }

  async prove(terminal: TestTerminal, loginId: string, proof: LoginProof): Promise<LoginResponse> {
    const target = TERMINAL_ROUTES.loginProof.replace(':id', loginId);
    return LoginResponse.parse((await terminal.call('POST', target, proof)).body);
  }

  /** A whole login; the proof may be tampered with on its way. */
  async login(
    terminal: TestTerminal,
    card: TestCard,
    over: {
      readonly tamper?: (proof: Extract<LoginProof, { kind: 'cie-pin' }>) => LoginProof;
      readonly sessionId?: string;
    } = {},
  ): Promise<LoginResponse> {
    const { tamper = (proof) => proof } = over;
    const started = await this.ask(terminal, over.sessionId ? { sessionId: over.sessionId } : {});
    return this.prove(terminal, started.loginId, tamper(card.pinProof(started.context)));
  }

  who(terminal: TestTerminal, token: string): Promise<Answer> {
    return terminal.call('GET', TERMINAL_ROUTES.citizen, undefined, { [CITIZEN_HEADER]: token });
  }

  logout(terminal: TestTerminal, token: string): Promise<Answer> {
    return terminal.call('DELETE', TERMINAL_ROUTES.citizen, undefined, { [CITIZEN_HEADER]: token });
  }

  async close(): Promise<void> {
    await this.rig.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The token of a login that must have been accepted. */
export function tokenOf(response: LoginResponse): string {
  if (response.result !== 'verified') throw new Error(`refused: ${response.problem}`);
  return response.token;
}
