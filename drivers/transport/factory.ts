import { Link, type LinkContext, type LinkOptions } from './link.ts';
import type { Transport } from './port.ts';
import { serialConnector, serialSettings } from './serial.ts';
import { tcpConnector } from './tcp.ts';

/** The part of a device URI that says where the wire goes (a `DeviceUri` fits). */
export interface LinkAddress {
  readonly text: string;
  readonly transport: 'tcp' | 'serial';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly settings: URLSearchParams;
}

/** The link a device URI names, not yet started. Throws `LINK_SETTING_INVALID` for a setting that cannot be used. */
export function transportFor(
  address: LinkAddress,
  context: LinkContext,
  options: LinkOptions = {},
): Transport {
  const connector =
    address.transport === 'tcp'
      ? tcpConnector(address, context.clock)
      : serialConnector(address.path, serialSettings(address.settings), context.clock);
  return new Link(address.text, connector, context, options);
}
