import type { DeviceReport } from '@jolly/contracts/device-report';
import { t } from '../../messages/index.ts';
import { deviceSign } from '../../parts/words.ts';
import { KioskBody, kioskParts, PART_ORDER } from './parts-of-kiosk.tsx';

export interface Numbered {
  readonly n: number;
  readonly device: DeviceReport;
}

/** Devices in the order of the drawing, each with the number it has there and in the table. */
export function numbered(devices: readonly DeviceReport[]): Numbered[] {
  return [...devices]
    .sort((one, other) => PART_ORDER.indexOf(one.role) - PART_ORDER.indexOf(other.role))
    .map((device, at) => ({ n: at + 1, device }));
}

export const isFaulty = ({ device }: Numbered): boolean => ['warn', 'bad'].includes(deviceSign(device.state));

/** The front of the machine; what is wrong is ringed and its number filled. The table beside says the same in words. */
export function KioskDrawing({ devices, terminalId }: { devices: readonly Numbered[]; terminalId: string }) {
  const faulty = devices.filter(isFaulty);
  const about =
    faulty.length === 0
      ? t('drawing.whole', { terminal: terminalId })
      : t('drawing.faulty', {
          terminal: terminalId,
          parts: faulty.map(({ n, device }) => `${n} ${t(`device.${device.role}`)}`).join(', '),
        });
  return (
    <svg className="kiosk" role="img" aria-label={about} viewBox="10 50 354 690">
      <KioskBody />
      {devices.map((each) => {
        const part = kioskParts[each.device.role];
        const [x, y] = part.number;
        return (
          <g key={each.device.role} className={isFaulty(each) ? 'k-part k-faulty' : 'k-part'}>
            <path d={part.line} className="k-line" />
            {isFaulty(each) ? <g className="k-ring">{part.ring}</g> : null}
            <circle cx={x} cy={y} r="13" className="k-number" />
            <text x={x} y={y} dy="0.36em">
              {each.n}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
