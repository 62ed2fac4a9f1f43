import { Link, type LinkContext, type LinkOptions } from './link.ts';
import type { Transport } from './port.ts';
import { LENGTHS_ONLY, RecordedTransport, type RecordSink, type WireMask } from './recording.ts';
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

/** What a wire may be given besides time and a log. */
export interface WireContext extends LinkContext {
  /** Where recordings go. Absent: this wire is never recorded. */
  readonly record?: RecordSink | undefined;
  /** Makes the wire in place of the one that the address names: for the replay of a recording. */
  readonly dial?: ((address: LinkAddress, options: WireOptions) => Transport) | undefined;
}

export interface WireOptions extends LinkOptions {
  /** How the protocol is recorded; without it only lengths are. */
  readonly mask?: WireMask;
}

/** The link a device URI names, not yet started. Throws `LINK_SETTING_INVALID` for a setting that cannot be used. */
export function transportFor(
  address: LinkAddress,
  context: WireContext,
  options: WireOptions = {},
): Transport {
  const made = context.dial?.(address, options) ?? dialled(address, context, options);
  return context.record ? new RecordedTransport(made, context.record, options.mask ?? LENGTHS_ONLY) : made;
}

function dialled(address: LinkAddress, context: LinkContext, options: LinkOptions): Transport {
  const connector =
    address.transport === 'tcp'
      ? tcpConnector(address, context.clock)
      : serialConnector(address.path, serialSettings(address.settings), context.clock);
  return new Link(address.text, connector, context, options);
}
