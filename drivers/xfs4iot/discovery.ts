import { isJollyError } from '@jolly/contracts/values';
import { Conversation, type ConversationPorts } from './conversation.ts';
import { xfsError } from './errors.ts';
import { mayUse, type XfsAddress } from './settings.ts';

/** A cabinet has a dozen services; a list longer than this is none. */
const MOST_SERVICES = 40;

const nobody = { unsolicited: () => undefined, closed: () => undefined };

/**
 * The address of the service: the one named, or the first that a publisher lists and that has the interface. A publisher may only name
 * services on its own host. Rejects with `XFS_NO_SUCH_SERVICE`.
 */
export async function findService(
  address: XfsAddress,
  wanted: string,
  ports: ConversationPorts,
): Promise<string> {
  if (address.service !== undefined) return address.service;
  let reason = 'no-publisher';
  for (const publisher of address.publishers) {
    for (const service of await listed(publisher, address, ports)) {
      reason = 'no-such-interface';
      if (await has(service, wanted, ports)) return service;
    }
  }
  throw xfsError('XFS_NO_SUCH_SERVICE', { wanted, reason });
}

async function listed(
  publisher: string,
  address: XfsAddress,
  ports: ConversationPorts,
): Promise<readonly string[]> {
  const talk = new Conversation(publisher, ports, nobody);
  try {
    const { hostname } = new URL(publisher);
    return (await talk.services()).slice(0, MOST_SERVICES).filter((text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      return url?.hostname === hostname && mayUse(url, address.insecure);
    });
  } catch (error) {
    if (!isJollyError(error)) throw error;
    return [];
  } finally {
    talk.close();
  }
}

async function has(service: string, wanted: string, ports: ConversationPorts): Promise<boolean> {
  const talk = new Conversation(service, ports, nobody);
  try {
    return (await talk.greet()).interfaces.includes(wanted);
  } catch (error) {
    if (!isJollyError(error)) throw error;
    return false;
  } finally {
    talk.close();
  }
}
