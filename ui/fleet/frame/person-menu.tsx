import { useEffect, useRef, useState } from 'react';
import { changeTenant, signOut } from '../api/session.ts';
import { useAct } from '../api/use-act.ts';
import { useMe } from '../me.ts';
import { t, word } from '../messages/index.ts';
import { Failure } from '../parts/failure.tsx';
import { DensitySwitch, LanguageSwitch, ThemeSwitch } from '../parts/switches.tsx';
import { hashOf } from '../route.ts';

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((part) => part[0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();

/** Who is signed in; opens what is that person's own: municipality, language, theme, second factor, leaving. */
export function PersonMenu({ left }: { left: () => void }) {
  const me = useMe();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const acting = useAct();
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener('pointerdown', outside);
    addEventListener('keydown', onEscape);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('keydown', onEscape);
    };
  }, [open]);
  const change = (tenantId: string) =>
    void acting
      .run(() => changeTenant(tenantId))
      .then((done) => {
        // another municipality is another console: nothing of the first may stay in memory
        if (done) location.reload();
      });
  return (
    <div className="who" ref={box}>
      {open ? (
        <div className="who-menu" id="who-menu">
          {me.tenants.length > 1 ? (
            <label className="theme">
              <span>{t('tenant.label')}</span>
              <select
                value={me.tenantId}
                disabled={acting.busy}
                onChange={(event) => change(event.target.value)}
                data-testid="tenant-switch"
              >
                {me.tenants.map(({ tenantId, name }) => (
                  <option key={tenantId} value={tenantId}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          ) : null}
          <Failure error={acting.failure} />
          <ThemeSwitch />
          <DensitySwitch />
          <LanguageSwitch />
          {me.demo ? null : <a href={hashOf('me')}>{t('me.security')}</a>}
          <a href="/docs">{t('nav.docs')}</a>
          <button type="button" data-testid="sign-out" onClick={() => void acting.run(signOut).then(left)}>
            {t('signout')}
          </button>
        </div>
      ) : null}
      <button
        type="button"
        ref={button}
        className="who-button"
        aria-expanded={open}
        aria-controls={open ? 'who-menu' : undefined}
        onClick={() => setOpen(!open)}
        data-testid="person-menu"
      >
        <span className="avatar" aria-hidden="true">
          {initials(me.name)}
        </span>
        <span className="who-name">
          <strong>{me.name}</strong>
          <span>{word('role', me.role)}</span>
        </span>
      </button>
    </div>
  );
}
