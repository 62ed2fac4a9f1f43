import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Rig } from '../testing/index.ts';

describe('the numbers of the server', () => {
  let rig: Rig;
  afterEach(() => rig.close());
  const far = { host: 'fleet.example' };
  const lines = (text: unknown, name: string) =>
    String(text)
      .split('\n')
      .filter((line) => line.startsWith(name));

  it('tell routes by their pattern, transactions and what waits; no terminal and nobody is named', async () => {
    rig = await new Rig().start();
    const terminal = await rig.terminal();
    await terminal.activated();
    const { status, body, raw } = await rig.inject('GET', '/metrics');
    expect(status).toBe(200);
    expect(raw.headers['content-type']).toContain('text/plain');
    expect(lines(body, 'jolly_http_seconds_count').join('\n')).toContain(
      'route="/api/v1/payments/:id/activate"',
    );
    expect(
      lines(body, 'jolly_store_transaction_seconds_count{kind="alone",result="committed"}'),
    ).toHaveLength(1);
    expect(lines(body, 'jolly_queue{queue="outcomes"}')).toEqual(['jolly_queue{queue="outcomes"} 0']);
    expect(lines(body, 'jolly_duty')).toEqual(['jolly_duty 0']);
    expect(lines(body, 'process_resident_memory_bytes')).toHaveLength(1);
    expect(String(body)).not.toContain(terminal.terminalId);
  });

  it('are shut to others without the token', async () => {
    const folder = new Rig().folder;
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'una-parola-lunga\n');
    rig = await new Rig({ metrics: { tokenFile } }).start();
    const ask = (headers: Record<string, string>) => rig.inject('GET', '/metrics', headers, '', '192.0.2.7');
    expect((await ask(far)).body).toMatchObject({ code: 'METRICS_CLOSED' });
    expect((await ask({ ...far, authorization: 'Bearer un-altra' })).status).toBe(403);
    expect((await ask({ ...far, authorization: 'Bearer una-parola-lunga' })).status).toBe(200);
  });

  it('say to a balancer whether to send anybody', async () => {
    rig = await new Rig().start();
    expect((await rig.inject('GET', '/healthz', far, '', '192.0.2.7')).body).toEqual({ alive: true });
    expect(await rig.inject('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { ready: false, started: false, store: true },
    });
    await rig.server.start();
    expect(await rig.inject('GET', '/readyz')).toMatchObject({ status: 200, body: { ready: true } });
    expect((await rig.inject('GET', '/metrics')).body).toContain('jolly_duty 1');
  });

  it('say that the store is away', async () => {
    rig = await new Rig().start();
    await rig.server.start();
    const check = rig.store.check;
    Object.assign(rig.store, { check: () => Promise.reject(new Error('away')) });
    expect(await rig.inject('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { store: false, started: true },
    });
    expect((await rig.inject('GET', '/healthz')).status).toBe(200);
    Object.assign(rig.store, { check });
  });
});
