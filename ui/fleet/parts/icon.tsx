import { consoleIcons } from '@jolly/ui-kit/icons';

/** What the national set lacks: 24 grid, stroke 1.5. */
const own = {
  power: 'M12 3v8.5M7 6.300a7.500 7.500 0 1 0 10 0',
  pulse: 'M2.500 12.500h4l2.500-7 5 13.500 2.800-6.500h4.700',
  scale: 'M12 3.500v17M6.500 20.500h11M5 6.500h14M5 6.500l-2.800 7h5.600zM19 6.500l-2.800 7h5.600z',
  volume: 'M4 9.500v5h3.500l5 4.500V5l-5 4.500zM16 9.200a4 4 0 0 1 0 5.600M18.500 6.500a8 8 0 0 1 0 11',
} as const;

export type ConsoleIcon = keyof typeof consoleIcons | keyof typeof own;

/** A sign on the 24 grid, always beside its word: hidden from assistive technology. */
export function Icon({ name, className = '' }: { name: ConsoleIcon; className?: string }) {
  const stroked = name in own;
  return (
    <svg
      className={`icon ${stroked ? 'icon-own' : ''} ${className}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={stroked ? own[name as keyof typeof own] : consoleIcons[name as keyof typeof consoleIcons]} />
    </svg>
  );
}
