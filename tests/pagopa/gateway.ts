import { type Clock, ManualClock, Secret } from '@jolly/contracts/values';
import { type HttpPost, NodeSoapGateway, nodeHttpPost } from '@jolly/fleet-server/gateway';

export type Config = ConstructorParameters<typeof NodeSoapGateway>[0]['config'];

export const config = (url: string, more: Partial<Config> = {}): Config => ({
  kind: 'node-soap',
  url,
  pspName: 'Banca Dimostrativa S.p.A.',
  pspTaxCode: '02654890025',
  idPsp: 'BDIMITMM',
  idBrokerPsp: '02654890025',
  idChannel: '02654890025_01',
  paymentChannel: 'other',
  fee: 'none',
  tokenMs: 600_000,
  timeouts: { connectMs: 2_000, verifyMs: 2_000, activateMs: 2_000, outcomeMs: 2_000 },
  ...more,
});

/** A clock whose waits are over at once: the 3 s before a second verify cost a test nothing. */
export const hurried: Clock = (() => {
  const clock = new ManualClock();
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (_ms, task) => {
      const immediate = setImmediate(task);
      return () => clearImmediate(immediate);
    },
  };
})();

/** A gateway on real HTTP that also keeps every body it sent and received. */
export function recordingGateway(url: string, more: Partial<Config> = {}, password = 'PLACEHOLDER') {
  const sent: string[] = [];
  const received: string[] = [];
  const real = nodeHttpPost();
  const post: HttpPost = async (request) => {
    sent.push(request.body);
    const answer = await real(request);
    received.push(Buffer.from(answer.body).toString('utf8'));
    return answer;
  };
  const gateway = new NodeSoapGateway({
    config: config(url, more),
    credentials: () => ({ password: new Secret(password), subscriptionKey: new Secret('key') }),
    post,
    clock: hurried,
  });
  return { gateway, sent, received };
}
