import { Button } from '@jolly/ui-kit/controls';
import { Crest, Skyline } from '@jolly/ui-kit/drawings';
import { useFocusOn } from '@jolly/ui-kit/frame';
import { useWords } from '@jolly/ui-kit/messages';
import type { View } from './view.ts';

/** The headset was pulled out in the middle: nothing personal to be seen, until the citizen says how to go on. */
export function CoveredOverlay({ view }: { readonly view: View }) {
  const { t } = useWords();
  const heading = useFocusOn('covered');
  const canLeave = view.snapshot.session?.canLeave ?? true;
  return (
    <div
      className="idle night-sky"
      role="dialog"
      aria-modal="true"
      aria-labelledby="covered-title"
      data-testid="covered"
    >
      <div className="idle__city">
        <Crest height={80} onNight />
        <p>{view.snapshot.place.city}</p>
      </div>
      <div className="idle__skyline">
        <Skyline />
      </div>
      <div className="idle__sheet">
        <h1 id="covered-title" ref={heading} tabIndex={-1}>
          {t('covered.title')}
        </h1>
        <p className="idle__lead">{t('covered.lead')}</p>
      </div>
      <div className="actions">
        {canLeave && (
          <div className="actions__second">
            <Button
              testId="covered-leave"
              look="quiet"
              label={t('covered.leave')}
              onPress={() => view.send({ type: 'leave' })}
            />
          </div>
        )}
        <div className="actions__door">
          <Button
            testId="uncover"
            look="amber"
            label={t('covered.go-on')}
            onPress={() => view.send({ type: 'uncover' })}
          />
        </div>
      </div>
    </div>
  );
}
