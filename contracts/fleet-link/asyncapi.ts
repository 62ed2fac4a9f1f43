import { z } from 'zod';
import { Command } from './commands.ts';
import { Ack, Entries } from './entries.ts';
import { envelopeOf, MAX_PAYLOAD_BYTES, SignedDown } from './envelope.ts';
import { Ask, Hello, Presence, Welcome } from './presence.ts';
import { ReportedMessage } from './reported.ts';
import { Desired } from './settings.ts';
import { DOWN, type Down, downTopic, UP, type Up, upTopic } from './topics.ts';

/** What each topic carries, and one sentence about it. */
const up: Readonly<Record<Up, readonly [z.ZodType, string]>> = {
  presence: [
    Presence,
    'Whether the terminal is there. Retained, and the last will of its connection; in no envelope.',
  ],
  hello: [envelopeOf(Hello), 'First word of a connection; repeated until the server welcomes it.'],
  reported: [envelopeOf(ReportedMessage), 'How the terminal is: whole, then only what changed (RFC 7396).'],
  entries: [
    envelopeOf(Entries),
    'A batch of the outbox; kept there until the server acknowledges it after its commit.',
  ],
  signal: [envelopeOf(z.unknown()), 'Signalling of a call by video.'],
};
const down: Readonly<Record<Down, readonly [z.ZodType, string]>> = {
  welcome: [envelopeOf(Welcome), 'Answer to a hello, with the lease to be stored.'],
  ack: [envelopeOf(Ack), 'The batch is committed: its entries may be forgotten.'],
  desired: [envelopeOf(Desired), 'How the terminal is to be.'],
  command: [envelopeOf(Command), 'Something to do; `exp` says until when it may begin.'],
  ask: [envelopeOf(Ask), 'Something to tell again.'],
  signal: [envelopeOf(z.unknown()), 'Signalling of a call by video.'],
};

const PLACE = { tenantId: '{tenant}', terminalId: '{terminal}' };
const PARAMETERS = {
  tenant: { description: 'Id of the municipality.' },
  terminal: { description: 'Id of the terminal within it.' },
};

type JsonObject = Record<string, unknown>;

function schemaOf(schema: z.ZodType): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    unrepresentable: 'any',
  });
  return rest;
}

/** The fleet link as an AsyncAPI 3 document, from the schemas that both ends read with. Operations are the server's. */
export function describeLink(): JsonObject {
  const channels: JsonObject = {};
  const operations: JsonObject = {};
  const messages: JsonObject = {};
  const add = (way: 'up' | 'down', kind: string, address: string, message: JsonObject) => {
    const name = `${way}-${kind}`;
    messages[name] = { name, contentType: 'application/json', ...message };
    channels[name] = {
      address,
      parameters: PARAMETERS,
      messages: { [name]: { $ref: `#/components/messages/${name}` } },
    };
    operations[name] = {
      action: way === 'up' ? 'receive' : 'send',
      channel: { $ref: `#/channels/${name}` },
      messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
      bindings: { mqtt: { qos: 1, retain: name === 'up-presence' } },
    };
  };
  for (const kind of UP) {
    const [schema, summary] = up[kind];
    add('up', kind, upTopic(PLACE, kind), { summary, payload: schemaOf(schema) });
  }
  for (const kind of DOWN) {
    const [schema, summary] = down[kind];
    add('down', kind, downTopic(PLACE, kind), {
      summary,
      payload: { $ref: '#/components/schemas/SignedDown' },
      'x-signed': schemaOf(schema),
    });
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Jolly fleet link',
      version: '1.0.0',
      description:
        'MQTT 3.1.1 between terminals and the fleet server. What goes down is signed: `signed` of SignedDown is an envelope ' +
        `as text, whose schema is the message’s x-signed. No payload is larger than ${MAX_PAYLOAD_BYTES} bytes.`,
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas: { SignedDown: schemaOf(SignedDown) } },
  };
}
