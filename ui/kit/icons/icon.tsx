import { nationalIcons } from './national.ts';
import { ownIcons } from './own.tsx';

export type IconName = keyof typeof nationalIcons | keyof typeof ownIcons;

/** A sign on the 24 grid, always beside its word: hidden from assistive technology. */
export function Icon({
  name,
  size = 44,
  className = '',
}: {
  readonly name: IconName;
  readonly size?: number;
  readonly className?: string;
}) {
  const classes = `icon icon--${name} ${className}`;
  if (name in ownIcons) {
    return (
      <svg
        className={`${classes} icon--own`}
        width={size}
        height={size}
        viewBox="0 0 24 24"
        aria-hidden="true"
        focusable="false"
      >
        {ownIcons[name as keyof typeof ownIcons]}
      </svg>
    );
  }
  return (
    <svg
      className={classes}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={nationalIcons[name as keyof typeof nationalIcons]} />
    </svg>
  );
}
