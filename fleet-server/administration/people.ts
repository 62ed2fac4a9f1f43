import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { Role } from '@jolly/contracts/fleet-api';
import { CENTRE } from '../audit/index.ts';
import {
  createPerson,
  findByUser,
  listPeople,
  makePasswordLink,
  type PersonRow,
  passwordUrl,
  resetSecondFactor,
  updatePerson,
} from '../people/index.ts';
import type { Transaction } from '../store/index.ts';
import { type AdministrationIo, type Opened, withServer } from './opened.ts';

const USAGE = `usage: jolly people add --config <file> --user <name> --name <name> --role <role> [--tenant <id>] [--oidc]
       jolly people link --config <file> --user <name>         a new password link
       jolly people reset-totp --config <file> --user <name>   the second factor is enrolled anew
       jolly people disable|enable --config <file> --user <name>
       jolly people list --config <file>
roles: ${Role.options.join(', ')}
`;

type Flags = Readonly<Record<'config' | 'user' | 'name' | 'role' | 'tenant', string | undefined>> & {
  readonly oidc: boolean;
};

/**
 * `jolly people …`: the first person of a server, and the way back in when nobody can: who may read the master key may do
 * this. The password is never here: what is printed is a link with which the person sets it.
 */
export async function runPeopleCommand(args: readonly string[], io: AdministrationIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      user: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string' },
      tenant: { type: 'string' },
      oidc: { type: 'boolean' },
    },
    allowPositionals: true,
    strict: false,
  });
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const flags: Flags = {
    config: text(values.config),
    user: text(values.user),
    name: text(values.name),
    role: text(values.role),
    tenant: text(values.tenant),
    oidc: values.oidc === true,
  };
  const verb = VERBS[positionals[0] ?? ''];
  if (!verb || flags.config === undefined) {
    io.print(USAGE);
    return 2;
  }
  return withServer(flags.config, io, (opened) => verb(opened, flags, io));
}

type Verb = (opened: Opened, flags: Flags, io: AdministrationIo) => Promise<number>;

/** Who is at the keyboard, by the machine's word: the log says so. */
const actor = (): string => `console:${userInfo().username}`;

const change =
  (
    act: string,
    work: (tx: Transaction, person: PersonRow, opened: Opened, io: AdministrationIo) => Promise<void>,
  ): Verb =>
  async (opened, { user }, io) => {
    if (user === undefined) return usage(io);
    return opened.store.transaction(async (tx) => {
      const person = await findByUser(tx, user);
      if (!person) {
        io.print(`nobody is called ${user}`);
        return 1;
      }
      await work(tx, person, opened, io);
      await opened.audit.record(tx, {
        tenantId: person.tenant_id,
        actor: actor(),
        act,
        subject: person.user_name,
        detail: {},
      });
      io.print(`${person.user_name}: ${act}`);
      return 0;
    });
  };

async function link(tx: Transaction, person: PersonRow, opened: Opened, io: AdministrationIo): Promise<void> {
  const { config } = opened;
  const base = config.publicUrl ?? `http://${config.listen.host}:${config.listen.port}`;
  const { token, expiresAt } = await makePasswordLink(tx, opened.now(), person);
  io.print(passwordUrl(base, token));
  io.print(`once, until ${new Date(expiresAt).toISOString()}`);
}

const VERBS: Readonly<Record<string, Verb>> = {
  async add(opened, { user, name, role: wanted, tenant, oidc }, io) {
    const role = Role.safeParse(wanted);
    const tenants = opened.config.tenants.map(({ id }) => id);
    const centre = role.data === 'centre-admin';
    if (!user || !name || !role.success || (!centre && !tenants.includes(tenant ?? ''))) return usage(io);
    await opened.store.transaction(async (tx) => {
      const tenantId = centre ? CENTRE : (tenant ?? '');
      const way = oidc ? ('oidc' as const) : ('local' as const);
      const [provider, another] = opened.config.signIn.oidc.filter(
        ({ tenants: only }) => only === undefined || only.includes(tenantId),
      );
      const bound = oidc && provider && !another ? { oidc: { provider: provider.id, subject: null } } : {};
      const person = await createPerson(tx, opened.now(), {
        user,
        name,
        role: role.data,
        way,
        tenantId,
        ...bound,
      });
      await opened.audit.record(tx, {
        tenantId,
        actor: actor(),
        act: 'person-added',
        subject: user,
        detail: { role: role.data },
      });
      io.print(`${user} added as ${role.data}`);
      if (!oidc) await link(tx, person, opened, io);
    });
    return 0;
  },
  link: change('password-link-made', link),
  'reset-totp': change('second-factor-taken-away', (tx, person) => resetSecondFactor(tx, person)),
  disable: change('person-disabled', (tx, person) => updatePerson(tx, person, { disabled: 1 })),
  enable: change('person-enabled', (tx, person) => updatePerson(tx, person, { disabled: 0 })),
  async list({ store }, _flags, io) {
    for (const { person, roles } of await listPeople(store)) {
      const where =
        person.centre_admin === 1 ? 'centre-admin' : [...roles].map((each) => each.join(':')).join(' ');
      const state = person.disabled === 1 ? ' disabled' : '';
      io.print(`${person.user_name} (${person.name}) ${person.way} ${where}${state}`);
    }
    return 0;
  },
};

function usage(io: AdministrationIo): number {
  io.print(USAGE);
  return 2;
}
