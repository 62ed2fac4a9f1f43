import type { Screen, Snapshot } from '@jolly/contracts/terminal-channel';
import { Countdown } from '@jolly/ui-kit/content';
import { Button } from '@jolly/ui-kit/controls';
import { Crest, Skyline } from '@jolly/ui-kit/drawings';
import { useFocusOn } from '@jolly/ui-kit/frame';
import { Icon } from '@jolly/ui-kit/icons';
import { useWords } from '@jolly/ui-kit/messages';
import { LanguageKeys } from './home.tsx';
import type { View } from './view.ts';

/** Nothing personal behind: the city, the seconds, where the money is, and three ways to answer. */
export function IdleOverlay({ view, idle }: { view: View; idle: NonNullable<Snapshot['idle']> }) {
  const { t } = useWords();
  const heading = useFocusOn('idle');
  const { screen } = view.snapshot;
  const paying = /^(pay-|problem$)/.test(screen.name);
  const left = Math.max(0, idle.secondsLeft - Math.floor((view.now - view.snapshot.at) / 1000));
  return (
    <div className="idle night-sky" role="dialog" aria-labelledby="idle-title" data-testid="idle">
      <div className="idle__city">
        <Crest height={80} onNight />
        <p>{view.snapshot.place.city}</p>
      </div>
      <div className="idle__skyline">
        <Skyline />
      </div>
      <div className="idle__sheet">
        <h1 id="idle-title" ref={heading} tabIndex={-1}>
          {t('idle.title')}
        </h1>
        <p className="idle__lead">{t('idle.lead')}</p>
        <Countdown left={left} total={idle.secondsTotal} unit={t('idle.seconds', { seconds: left })} />
        <p className="unseen" role="timer" aria-live="assertive">
          {left % 10 === 0 || left === idle.secondsLeft ? t('idle.left', { seconds: left }) : ''}
        </p>
        {(paying || idle.money !== 'nothing-charged') && (
          <p className={idle.money === 'unknown' ? 'idle__money idle__money--warn' : 'idle__money'}>
            <Icon name={idle.money === 'unknown' ? 'warning-circle' : 'check-circle'} size={44} />
            <span>{t(`idle.${idle.money}`)}</span>
          </p>
        )}
        {cardLies(screen) && (
          <p className="idle__money idle__money--warn">
            <Icon name="card" size={44} />
            <span>{t('idle.card')}</span>
          </p>
        )}
      </div>
      <div className="actions">
        <div className="actions__second">
          <Button
            testId="idle-leave"
            look="quiet"
            label={t('idle.leave')}
            onPress={() => view.send({ type: 'leave' })}
          />
          <Button
            testId="more-time"
            look="second"
            label={t('idle.more')}
            onPress={() => view.send({ type: 'more-time' })}
          />
        </div>
        <div className="actions__door">
          <Button
            testId="still-here"
            look="amber"
            label={t('idle.stay')}
            onPress={() => view.send({ type: 'still-here' })}
          />
        </div>
      </div>
    </div>
  );
}

/** As far as the page itself tells: digits are asked for with the card on the reader, and afterwards it is to be taken. */
const cardLies = (screen: Screen): boolean =>
  screen.name === 'login-secret' ||
  ((screen.name === 'signed-in' || screen.name === 'pin-done') && screen.takeCard);

/** Every language by its own name; touching one closes the sheet. */
export function LanguageSheet({ view }: { readonly view: View }) {
  const { t } = useWords();
  const heading = useFocusOn('languages');
  return (
    <div className="veil">
      <div
        className="over language-sheet"
        role="dialog"
        aria-labelledby="languages-title"
        data-testid="languages"
      >
        <h1 id="languages-title" ref={heading} tabIndex={-1}>
          {t('language.choose')}
        </h1>
        <div className="language-sheet__keys">
          <LanguageKeys view={view} languages={view.snapshot.place.languages} />
        </div>
        <Button
          testId="close-languages"
          look="quiet"
          label={t('language.keep')}
          onPress={() => view.send({ type: 'close-languages' })}
        />
      </div>
    </div>
  );
}

/** What became of a code with preferences, said and shown for some seconds over the city's name. */
export function Told({ view }: { readonly view: View }) {
  const { t } = useWords();
  const { told } = view.snapshot;
  return (
    <p className={told ? `told told--${told}` : 'unseen'} role="status" data-testid="told" data-news="">
      {told && <Icon name={told === 'preferences-taken' ? 'check-circle' : 'info-circle'} size={44} />}
      {told && <span>{t(told === 'preferences-taken' ? 'prefs.taken' : 'prefs.broken')}</span>}
    </p>
  );
}

/** While the line to the runtime is down: calm, and over everything. */
export function Moment() {
  const { t } = useWords();
  return (
    <div className="moment night-sky" role="status" data-testid="moment">
      <div className="moment__words">
        <span className="ring" aria-hidden="true" />
        <p className="moment__title">{t('moment.title')}</p>
        <p>{t('moment.lead')}</p>
      </div>
      <Skyline />
    </div>
  );
}
