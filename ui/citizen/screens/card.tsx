import { DeviceHint, LiveProgress, Note, type ProgressLine } from '@jolly/ui-kit/content';
import { Button } from '@jolly/ui-kit/controls';
import { ReaderDrawing } from '@jolly/ui-kit/drawings';
import { Facade } from '@jolly/ui-kit/frame';
import { useWords, type Words } from '@jolly/ui-kit/messages';
import { usePaymentSteps } from './payment-steps.ts';
import type { ScreenOf, ScreenProps } from './view.ts';

type Step = ScreenOf<'pay-card'>['progress']['step'];
const STEPS: readonly Step[] = ['sending', 'waiting-card', 'authorising', 'registering'];

/** The time left in words, or undefined when the reader gave none. */
export function timeLeft({ t }: Words, until: number | undefined, now: number): string | undefined {
  if (until === undefined) return undefined;
  const left = Math.max(0, Math.round((until - now) / 1000));
  if (left === 0) return t('card.left-none');
  const minutes = Math.floor(left / 60);
  const seconds = left % 60;
  return t('card.left', { minutes, seconds, both: minutes > 0 && seconds > 0 ? 'yes' : 'no' });
}

export function CardScreen({ view, screen }: ScreenProps<'pay-card'>) {
  const words = useWords();
  const { t } = words;
  const { progress, notice } = screen;
  const at = STEPS.indexOf(progress.step);
  const place = view.snapshot.place;
  const own = notice.creditorTaxCode === place.creditorTaxCode ? 'yes' : 'no';
  const back = progress.givingBack === true;
  const labels = back
    ? [t('card.back-taken'), t('card.waiting'), t('card.back-bank')]
    : [
        t(at > 0 ? 'card.sent' : 'card.sending'),
        t(at > 1 ? 'card.card-read' : 'card.waiting'),
        t(at > 2 ? 'card.authorised' : 'card.authorise'),
        t('card.register', { own }),
      ];
  const lines: ProgressLine[] = STEPS.slice(0, labels.length).map((id, index) => ({
    id,
    label: labels[index] ?? '',
    state: index < at ? 'done' : index === at ? 'now' : 'next',
    detail: id === 'waiting-card' ? timeLeft(words, progress.cardUntil, view.now) : undefined,
  }));
  const phase =
    progress.step === 'registering' ? '-registering' : progress.step === 'authorising' ? '-working' : '';
  const working = phase !== '';
  return (
    <Facade
      screen="pay-card"
      steps={usePaymentSteps(2)}
      title={t(back ? 'card.title-back' : `card.title${phase}`)}
      lead={t(back ? 'card.lead-back' : `card.lead${phase}`)}
      second={
        progress.canCancel ? (
          <Button
            testId="cancel-card"
            look="quiet"
            icon="close"
            label={t('card.cancel')}
            onPress={() => view.send({ type: 'cancel-card' })}
          />
        ) : (
          progress.step === 'waiting-card' &&
          !back && (
            <Note icon="close" testId="cancel-how">
              {t('card.cancel-how')}
            </Note>
          )
        )
      }
      door={
        progress.step === 'registering' ? undefined : (
          <DeviceHint
            icon="contactless"
            where={working ? t('card.hold') : t('card.reader', { side: place.hints.pos.side })}
            help={t(working ? 'card.hold-how' : back ? 'card.back-light' : 'card.light')}
            angle={place.hints.pos.angle}
          />
        )
      }
    >
      <div className="card-scene">
        <div className="card-scene__drawing illustration">
          <ReaderDrawing
            label={t('drawing.amount')}
            amount={words.money(notice.totalCents)}
            prompt={t('drawing.prompt')}
          />
        </div>
        <LiveProgress
          lines={lines}
          note={progress.posText ? t('card.reader-says', { text: progress.posText }) : undefined}
        />
      </div>
    </Facade>
  );
}
