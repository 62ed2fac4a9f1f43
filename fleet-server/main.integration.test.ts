import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@jolly/contracts/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENROLMENT_CODE, type Reach, TENANT, TestTerminal } from './testing/index.ts';

interface Running {
  readonly child: ChildProcess;
  readonly ready: { readonly url: string; readonly control: string };
}

const Ledger = z.object({ paid: z.array(z.object({ noticeNumber: z.string(), timesAcquired: z.int() })) });
const Notices = z.array(
  z.object({ noticeNumber: z.string(), creditorTaxCode: z.string(), amountCents: z.int() }),
);
const CREDITOR = '84006890481';

async function run(script: string, ...args: string[]): Promise<Running> {
  const path = join(import.meta.dirname, '..', script);
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (line.startsWith('{"ready":true')) return { child, ready: JSON.parse(line) };
  }
  throw new Error(`${script} ended before it was ready`);
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

describe('the server as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jolly-main-'));
  const config = join(folder, 'server.json');
  let node: Running;
  let server: Running;
  const reach: Reach = {
    clock: systemClock,
    inject: async (method, url, headers, body) => {
      const response = await fetch(server.ready.url + url, {
        method,
        headers,
        ...(body === '' ? {} : { body }),
      });
      return {
        status: response.status,
        body: await response.json(),
        raw: { headers: Object.fromEntries(response.headers) },
      };
    },
  };
  const order = (path: string, body: object) =>
    fetch(`${node.ready.control}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  beforeAll(async () => {
    node = await run('simulators/pagopa-node/main.ts');
    writeFileSync(
      config,
      JSON.stringify({
        mode: 'demo',
        listen: { host: '127.0.0.1', port: 0 },
        dataDir: join(folder, 'data'),
        masterKeyFile: join(folder, 'data', 'master.key'),
        tenants: [{ id: TENANT, name: 'Comune di Prova', creditorTaxCode: CREDITOR }],
        gateway: {
          kind: 'node-soap',
          url: node.ready.url,
          pspName: 'Banca Dimostrativa',
          pspTaxCode: '02654890025',
          idPsp: 'BDIMITMM',
          idBrokerPsp: '02654890025',
          idChannel: '02654890025_01',
        },
        demo: { enrolmentCode: ENROLMENT_CODE },
      }),
    );
    server = await run('fleet-server/main.ts', '--config', config);
  });
  afterAll(async () => {
    for (const { child } of [server, node]) {
      child.kill('SIGTERM');
      await ended(child);
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (path: string): Promise<unknown> =>
    (await fetch(`${node.ready.control}/control/${path}`)).json();
  const paid = async () => Ledger.parse(await ask('ledger')).paid;
  const payable = async () => {
    const found = Notices.parse(await ask('notices')).find((notice) => notice.amountCents === 12_345);
    if (!found) throw new Error('the simulator has no notice of 123.45');
    return found;
  };

  it('loses no outcome when it is killed while the node answers', async () => {
    const terminal = new TestTerminal(reach, 'TOTEM-01');
    expect((await terminal.enrol()).status).toBe(200);
    const { noticeNumber, creditorTaxCode, amountCents } = await payable();
    const id = await terminal.activated(amountCents, { noticeNumber, creditorTaxCode });
    expect(await terminal.state(id)).toMatchObject({ state: 'activated' });
    await order('faults', { mode: 'delay', delayMs: 5_000, operation: 'outcome', count: 1 });
    expect((await terminal.charged(id)).body).toMatchObject({
      stored: true,
      status: { state: 'outcome-stored' },
    });

    const death = ended(server.child);
    server.child.kill('SIGKILL');
    await death;
    server = await run('fleet-server/main.ts', '--config', config);
    for (let tries = 0; tries < 80; tries++) {
      const { state } = (await terminal.state(id)) as { state: string };
      if (state === 'confirmed') break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await terminal.state(id)).toMatchObject({ state: 'confirmed', instruction: 'none' });
    expect(await paid()).toContainEqual({ noticeNumber, timesAcquired: 1 });
  });
});
