import { type Payload, toBase64 } from '@jolly/drivers/xfs4iot';
import type { ServiceName, XfsAction } from './actions.ts';
import type { ChipLine } from './chip-line.ts';
import type { Outcome, Running, ServiceLogic } from './connection.ts';

type Tell = (service: ServiceName, name: string, payload: Payload) => void;

const success = (payload: Payload = {}): Outcome => ({ code: 'success', payload });
const failed = (errorCode: string): Outcome => ({ code: 'commandErrorCode', payload: { errorCode } });
const canceled: Outcome = { code: 'canceled' };

const INTERFACE: Readonly<Record<ServiceName, string>> = {
  ReceiptPrinter: 'Printer',
  BarcodeReader: 'BarcodeReader',
  CardReader: 'CardReader',
  Lights: 'Lights',
  Auxiliaries: 'Auxiliaries',
};
const COMMANDS: Readonly<Record<ServiceName, readonly string[]>> = {
  ReceiptPrinter: ['Printer.PrintNative', 'Printer.PrintRaw', 'Printer.ControlMedia'],
  BarcodeReader: ['BarcodeReader.Read', 'BarcodeReader.Reset'],
  CardReader: ['CardReader.ReadRawData', 'CardReader.ChipPower', 'CardReader.ChipIO', 'CardReader.Reset'],
  Lights: ['Lights.SetLight'],
  Auxiliaries: ['Auxiliaries.Register'],
};
const COMMON = ['Common.Capabilities', 'Common.Status', 'Common.Cancel'];
const LIGHTS = ['cardReader', 'contactless', 'pinPad', 'scanner', 'receiptPrinter', 'statusInService'];
const KEPT = 20;

export interface CabinetState {
  readonly devices: Readonly<Record<ServiceName, string>>;
  readonly paper: string;
  readonly jammed: boolean;
  readonly inMouth: boolean;
  readonly card: boolean;
  /** Readable characters of the slips, newest first. */
  readonly slips: readonly string[];
  readonly lights: Payload;
  /** Whether somebody has asked for a code. */
  readonly reading: boolean;
}

/** The devices behind the services, and what each service answers. */
export class Cabinet {
  readonly #tell: Tell;
  readonly #first: boolean;
  readonly #versions: readonly string[];
  readonly #chip: ChipLine;
  readonly #devices: Record<ServiceName, string> = {
    ReceiptPrinter: 'online',
    BarcodeReader: 'online',
    CardReader: 'online',
    Lights: 'online',
    Auxiliaries: 'online',
  };
  readonly #lights: Record<string, unknown> = {};
  readonly #auxiliaries: Record<string, unknown> = {
    proximitySensorState: 'notPresent',
    cabinetFrontDoorState: 'closed',
  };
  #paper = 'full';
  #jammed = false;
  #inMouth = false;
  #slips: readonly string[] = [];
  #scan: ((read: Payload) => void) | undefined;
  #inserted: (() => void) | undefined;

  constructor(versions: readonly string[], chip: ChipLine, tell: Tell) {
    this.#versions = versions;
    this.#first = versions.every((version) => version.startsWith('1.'));
    this.#chip = chip;
    this.#tell = tell;
  }

  state(): CabinetState {
    return {
      devices: { ...this.#devices },
      paper: this.#paper,
      jammed: this.#jammed,
      inMouth: this.#inMouth,
      card: this.#chip.inserted,
      slips: this.#slips,
      lights: this.#lights,
      reading: this.#scan !== undefined,
    };
  }

  logic(service: ServiceName): ServiceLogic {
    const commands = [...COMMON, ...COMMANDS[service]];
    return { commands, run: (running) => this.#run(service, running) };
  }

  cardChanged(inserted: boolean): void {
    if (inserted) this.#inserted?.();
    else this.#tell('CardReader', 'CardReader.MediaRemovedEvent', {});
  }

  act(action: XfsAction): void {
    switch (action.action) {
      case 'scan': {
        const barcodeData = toBase64(new TextEncoder().encode(action.text));
        this.#scan?.({ symbology: action.symbology, barcodeData, symbologyName: action.symbology });
        return;
      }
      case 'device':
        this.#devices[action.service] = action.device;
        this.#tell(action.service, 'Common.StatusChangedEvent', { device: action.device });
        return;
      case 'paper':
        this.#paper = action.paper;
        if (action.paper !== 'jammed')
          this.#tell('ReceiptPrinter', 'Printer.PaperThresholdEvent', {
            paperSource: 'upper',
            threshold: action.paper,
          });
        return;
      case 'jam':
        this.#jammed = action.jammed;
        return;
      case 'take':
        this.#inMouth = false;
        this.#tell('ReceiptPrinter', 'Printer.MediaTakenEvent', {});
        return;
      case 'retract':
        this.#inMouth = false;
        this.#tell(
          'ReceiptPrinter',
          'Printer.MediaAutoRetractedEvent',
          this.#first ? { retractResult: 'ok', binNumber: 1 } : { result: 'bin1' },
        );
        return;
      case 'sensor':
        this.#auxiliaries[action.sensor] = action.value;
        this.#tell('Auxiliaries', 'Auxiliaries.AuxiliaryStatusEvent', { [action.sensor]: action.value });
        return;
      case 'ups': {
        const { action: _, ...upsState } = action;
        this.#auxiliaries.upsState = upsState;
        this.#tell('Auxiliaries', 'Auxiliaries.AuxiliaryStatusEvent', { upsState });
        return;
      }
      default:
    }
  }

  reset(): void {
    for (const service of Object.keys(this.#devices) as ServiceName[]) this.#devices[service] = 'online';
    this.#paper = 'full';
    this.#jammed = false;
    this.#inMouth = false;
    this.#slips = [];
  }

  async #run(service: ServiceName, running: Running): Promise<Outcome> {
    const { name, payload } = running.command;
    if (name === 'Common.Capabilities') return success(this.#capabilities(service));
    if (name === 'Common.Status') return success(this.#status(service));
    if (this.#devices[service] !== 'online')
      return { code: 'deviceNotReady', description: this.#devices[service] };
    switch (name) {
      case 'Printer.PrintNative':
      case 'Printer.PrintRaw':
        return this.#print(running);
      case 'BarcodeReader.Read':
        return this.#read(running);
      case 'CardReader.ReadRawData':
        return this.#insert(running);
      case 'CardReader.ChipPower':
        return this.#chipAnswer(await this.#chip.power(payload.chipPower === 'warm' ? 'warm' : 'cold'));
      case 'CardReader.ChipIO': {
        const apdu = Buffer.from(String(payload.chipData ?? ''), 'base64');
        if (apdu.length < 4) return failed('invalidData');
        return this.#chipAnswer(await this.#chip.ask(apdu), payload.chipProtocol);
      }
      case 'Lights.SetLight':
        Object.assign(this.#lights, payload);
        return success();
      default:
        return success();
    }
  }

  #print({ command, event }: Running): Outcome {
    if (this.#jammed) return failed('paperJammed');
    if (this.#paper === 'out') return failed('paperOut');
    const bytes = Buffer.from(String(command.payload.data ?? ''), 'base64');
    if (bytes.length === 0) return { code: 'invalidData', description: 'nothing to print' };
    const text = bytes.toString('latin1').replace(/[^\x20-\x7e\n]/g, '');
    this.#slips = [text, ...this.#slips].slice(0, KEPT);
    this.#inMouth = true;
    event('Printer.MediaPresentedEvent', { wadIndex: 1, totalWads: 1 });
    return success();
  }

  #read({ signal }: Running): Promise<Outcome> {
    return new Promise((resolve) => {
      const end = (outcome: Outcome) => {
        this.#scan = undefined;
        resolve(outcome);
      };
      this.#scan = (read) => end(success({ readOutput: [read] }));
      signal.addEventListener('abort', () => end(canceled), { once: true });
    });
  }

  async #insert({ signal, event }: Running): Promise<Outcome> {
    if (!this.#chip.inserted) {
      event('CardReader.InsertCardEvent');
      const came = await new Promise<boolean>((resolve) => {
        this.#inserted = () => resolve(true);
        signal.addEventListener('abort', () => resolve(false), { once: true });
      });
      this.#inserted = undefined;
      if (!came) return canceled;
    }
    event('CardReader.MediaInsertedEvent');
    const atr = await this.#chip.power('cold');
    if (!atr) return failed('noMedia');
    return success({ chip: [{ status: 'ok', data: toBase64(atr) }] });
  }

  #chipAnswer(answer: Uint8Array | undefined, chipProtocol?: unknown): Outcome {
    if (!answer) return failed('noMedia');
    const spoken = typeof chipProtocol === 'string' ? { chipProtocol } : {};
    return success({ ...spoken, chipData: toBase64(answer) });
  }

  #capabilities(service: ServiceName): Payload {
    const announce = (name: string, commands: readonly string[]) => ({
      name,
      commands: Object.fromEntries(commands.map((command) => [command, { versions: this.#versions }])),
      events: {},
    });
    const chips = this.#first
      ? { chipT0: true, chipT1: true, chipProtocolNotRequired: true }
      : ['chipT0', 'chipT1', 'chipProtocolNotRequired'];
    const lights = Object.fromEntries(
      LIGHTS.map((light) => [
        light,
        this.#first ? { position: { center: true } } : { center: { flashRate: {}, color: {} } },
      ]),
    );
    return {
      interfaces: [announce('Common', COMMON), announce(INTERFACE[service], COMMANDS[service])],
      common: { serviceVersion: '1.0' },
      ...(service === 'CardReader' ? { cardReader: { type: 'dip', chipProtocols: chips } } : {}),
      ...(service === 'Lights' ? { lights } : {}),
    };
  }

  #status(service: ServiceName): Payload {
    const media = this.#jammed ? 'jammed' : this.#inMouth ? 'present' : 'notPresent';
    const own: Partial<Record<ServiceName, Payload>> = {
      ReceiptPrinter: { printer: { media, paper: { upper: this.#paper } } },
      BarcodeReader: { barcodeReader: { scanner: 'on' } },
      CardReader: {
        cardReader: { media: this.#chip.inserted ? 'present' : 'notPresent', chipPower: 'unknown' },
      },
      Auxiliaries: { auxiliaries: this.#auxiliaries },
    };
    return { common: { device: this.#devices[service] }, ...own[service] };
  }
}
