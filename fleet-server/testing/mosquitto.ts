import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An authority of a house's own, by openssl. */
export class House {
  readonly folder = mkdtempSync(join(tmpdir(), 'jolly-house-'));
  readonly authority = join(this.folder, 'ca.pem');

  constructor() {
    this.#openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
      ...['-keyout', join(this.folder, 'ca.key'), '-out', this.authority, '-subj', '/CN=Casa'],
    );
  }

  /** Files of a key and its certificate; good for `localhost` too. */
  issue(commonName: string): { readonly keyFile: string; readonly certFile: string } {
    const base = join(this.folder, commonName.replaceAll('/', '-'));
    const files = { keyFile: `${base}.key`, certFile: `${base}.pem` };
    this.#openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.keyFile],
      ...['-out', `${base}.csr`, '-subj', `/CN=${commonName.replaceAll('/', '\\/')}`],
    );
    writeFileSync(`${base}.ext`, 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    this.#openssl(
      ...['x509', '-req', '-in', `${base}.csr`, '-CA', this.authority, '-CAkey', join(this.folder, 'ca.key')],
      ...['-CAcreateserial', '-days', '30', '-extfile', `${base}.ext`, '-out', files.certFile],
    );
    return files;
  }

  /** The authority's own list, with nothing on it: a broker that is given lists wants one of each authority (PEM). */
  revocationList(): string {
    const config = join(this.folder, 'ca.cnf');
    writeFileSync(join(this.folder, 'index.txt'), '');
    writeFileSync(config, `[ca]\ndefault_ca=it\n[it]\ndatabase=${join(this.folder, 'index.txt')}\n`);
    const list = join(this.folder, 'ca.crl');
    this.#openssl(
      ...[
        'ca',
        '-gencrl',
        '-config',
        config,
        '-keyfile',
        join(this.folder, 'ca.key'),
        '-cert',
        this.authority,
      ],
      ...['-md', 'sha256', '-crldays', '30', '-out', list],
    );
    return readFileSync(list, 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}

const CONFIG = new URL('../../docs/mosquitto/mosquitto.conf', import.meta.url);
const ACL = new URL('../../docs/mosquitto/acl', import.meta.url);

/** Debian's mosquitto with the configuration of the documentation; only its paths and its port are others. */
export class Mosquitto {
  readonly port: number;
  readonly url: string;
  readonly #house: House;
  readonly #config: string;
  readonly #authorities: string;
  readonly #revoked: string;
  #process: ReturnType<typeof spawn> | undefined;

  private constructor(house: House, port: number, revoked: string | undefined) {
    this.#house = house;
    this.port = port;
    this.url = `mqtts://localhost:${port}`;
    const folder = join(house.folder, 'mosquitto');
    mkdirSync(folder);
    this.#authorities = join(folder, 'authorities.pem');
    writeFileSync(this.#authorities, readFileSync(house.authority));
    this.#revoked = join(folder, 'revoked.pem');
    if (revoked !== undefined) this.revoke(revoked);
    const broker = house.issue('localhost');
    writeFileSync(join(folder, 'acl'), readFileSync(ACL));
    chmodSync(join(folder, 'acl'), 0o600);
    this.#config = join(folder, 'mosquitto.conf');
    writeFileSync(
      this.#config,
      readFileSync(CONFIG, 'utf8')
        .replace('listener 8883', `listener ${port} 127.0.0.1`)
        .replace('/etc/mosquitto/jolly/authorities.pem', this.#authorities)
        .replace('/etc/mosquitto/jolly/broker.pem', broker.certFile)
        .replace('/etc/mosquitto/jolly/broker.key', broker.keyFile)
        .replace('/etc/mosquitto/jolly/acl', join(folder, 'acl'))
        .replace(/^#crlfile .*$/m, revoked === undefined ? '' : `crlfile ${this.#revoked}`)
        .replace('/var/lib/mosquitto/', `${folder}/`)
        .concat('\nuser root\n'),
    );
  }

  static async start(house: House, revoked?: string): Promise<Mosquitto> {
    const broker = await Mosquitto.prepare(house, revoked);
    await broker.run();
    return broker;
  }

  /** With an address already, but not running. `revoked`: the lists it goes by (PEM). */
  static async prepare(house: House, revoked?: string): Promise<Mosquitto> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    return new Mosquitto(house, port, revoked);
  }

  /** Believes certificates of this authority (PEM) too, from its next start on. */
  trust(authority: string): void {
    appendFileSync(this.#authorities, authority);
  }

  /** Puts other lists in place of those it was given; it reads them when it is reloaded or started. */
  revoke(lists: string): void {
    writeFileSync(this.#revoked, lists);
  }

  /** As `systemctl reload`. */
  reload(): void {
    this.#process?.kill('SIGHUP');
  }

  async run(): Promise<void> {
    const child = spawn('mosquitto', ['-c', this.#config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    this.#process = child;
    const takeAlong = () => child.kill('SIGKILL');
    process.once('exit', takeAlong);
    child.once('exit', () => process.off('exit', takeAlong));
    let said = '';
    child.stderr?.on('data', (text) => {
      said += String(text);
    });
    for (let tries = 0; tries < 200; tries += 1) {
      if (child.exitCode !== null) throw new Error(`mosquitto ended: ${said}`);
      const socket = connect(this.port, '127.0.0.1');
      const open = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      socket.destroy();
      if (open) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`mosquitto does not listen: ${said}`);
  }

  /** As a power cut. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  get house(): House {
    return this.#house;
  }
}
