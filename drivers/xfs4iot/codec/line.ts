import { isFirstVersion, readMessage } from './message.ts';

/** Decodes one message, as JSON, for a technician: header and payload in one form whatever its version. Never throws. */
export function decodeXfsLine(record: string): readonly object[] {
  const read = readMessage(record);
  if (!read.ok) {
    return [{ error: { code: 'MESSAGE_INVALID', message: `no XFS4IoT message: ${read.fault}` } }];
  }
  const { message } = read;
  return [{ ...message, placement: isFirstVersion(message.version) ? 'payload' : 'header' }];
}
