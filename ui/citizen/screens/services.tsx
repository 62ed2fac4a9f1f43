import { type LocalText, localText, writtenInDigits } from '@jolly/contracts/service-catalogue';
import { MoneyCard, Note } from '@jolly/ui-kit/content';
import { Button, ChoiceRow, Keyboard, usePress } from '@jolly/ui-kit/controls';
import { Facade } from '@jolly/ui-kit/frame';
import { Icon, type IconName } from '@jolly/ui-kit/icons';
import { useWords } from '@jolly/ui-kit/messages';
import { shownAnswer, shownWhileWritten } from './field-value.ts';
import type { ScreenOf, ScreenProps } from './view.ts';

/** The four steps of a payment without a notice; `now` counts from 0. */
function useServiceSteps(now: number): { readonly names: readonly string[]; readonly now: number } {
  const { t } = useWords();
  return { names: [t('step.data'), t('step.check'), t('step.pay'), t('step.receipt')], now };
}

/** The municipality's words in the session's language; marked where they are in another. */
function useLocal(): (text: LocalText) => { readonly text: string; readonly lang: string | undefined } {
  const { language } = useWords();
  return (text) => {
    const found = localText(text, language);
    return { text: found.text, lang: found.language === language ? undefined : found.language };
  };
}

/** Signs by the last word of a service's name; a service that is not here has the bill. */
const SIGNS: Readonly<Record<string, IconName>> = {
  'carta-identita': 'card',
  multe: 'warning-circle',
  mensa: 'user',
  donazioni: 'shield',
};
const signOf = (id: string): IconName => SIGNS[id.split('.').at(-1) ?? ''] ?? 'bill';

export function ServiceListScreen({ view, screen }: ScreenProps<'service-list'>) {
  const { t } = useWords();
  const local = useLocal();
  const { services, page, pages } = screen;
  const turn = (to: number) => view.send({ type: 'services-page', page: to });
  if (services.length === 0) {
    return (
      <Facade
        screen="service-list"
        title={t('services.none')}
        lead={t('services.none-lead')}
        door={
          <Button testId="back-door" label={t('soon.door')} onPress={() => view.send({ type: 'back' })} />
        }
      >
        <MoneyCard
          tone="ok"
          icon="shield"
          title={t('money.nothing-charged')}
          line={t('money.nothing-charged-how')}
        />
      </Facade>
    );
  }
  return (
    <Facade
      screen="service-list"
      title={t('services.title')}
      lead={t('services.lead')}
      second={
        pages > 1 && (
          <>
            <Button
              testId="services-before"
              look="quiet"
              icon="arrow-up"
              label={t('services.before')}
              reason={page > 1 ? undefined : t('services.page', { page, pages })}
              onPress={() => turn(page - 1)}
            />
            <Button
              testId="services-after"
              look="quiet"
              icon="arrow-down"
              label={t('services.after')}
              reason={page < pages ? undefined : t('services.page', { page, pages })}
              onPress={() => turn(page + 1)}
            />
          </>
        )
      }
    >
      <div className="push" />
      <div className="rows rows--services">
        {services.map(({ id, title, summary }) => (
          <ChoiceRow
            key={id}
            testId={`choose-${id}`}
            icon={signOf(id)}
            title={local(title).text}
            lang={local(title).lang}
            line={summary && local(summary).text}
            lineLang={summary && local(summary).lang}
            onPress={() => view.send({ type: 'choose-service', service: id })}
          />
        ))}
      </div>
    </Facade>
  );
}

export function ServiceFieldScreen({ view, screen }: ScreenProps<'service-field'>) {
  const { t } = useWords();
  const local = useLocal();
  const { send } = view;
  const { field, canContinue } = screen;
  const choice = field.kind === 'choice';
  const label = local(field.label);
  const lead = local(field.hint ?? screen.service.title);
  return (
    <Facade
      screen="service-field"
      steps={useServiceSteps(0)}
      title={label.text}
      titleLang={label.lang}
      lead={lead.text}
      leadLang={lead.lang}
      fixed={choice ? undefined : <Keys view={view} screen={screen} />}
      door={
        <Button
          testId="submit-field"
          label={t('field.go')}
          reason={canContinue ? undefined : t(choice ? 'field.choose' : 'field.write')}
          onPress={() => send({ type: 'submit-field' })}
        />
      }
    >
      {choice ? <Choices view={view} screen={screen} /> : <Written screen={screen} />}
      {!choice && <div className="push" />}
    </Facade>
  );
}

function Keys({ view, screen }: ScreenProps<'service-field'>) {
  const { send, snapshot } = view;
  const { field, value, canContinue } = screen;
  const { language, abcKeys } = snapshot.preferences;
  return (
    <Keyboard
      kind={field.kind}
      language={language}
      abc={abcKeys}
      value={value}
      onWrite={(text) => send({ type: 'write', text })}
      onErase={() => send({ type: 'erase' })}
      onClear={() => send({ type: 'clear-field' })}
      canContinue={canContinue}
      onEnter={() => send({ type: 'submit-field' })}
    />
  );
}

function Written({ screen }: { readonly screen: ScreenOf<'service-field'> }) {
  const words = useWords();
  const { t } = words;
  const local = useLocal();
  const { field, value, problem, step, of } = screen;
  const { written, rest } = shownWhileWritten(field, value, words);
  const count = [...value].length;
  const mono = field.kind !== 'text' && field.kind !== 'name';
  return (
    <div className={problem ? 'typed typed--wrong' : 'typed'}>
      <p
        className={`typed__box typed__box--field ${mono ? 'mono' : ''}`}
        data-testid="written"
        data-kind={field.kind}
        data-writes={writtenInDigits(field) ? undefined : true}
        role="img"
        aria-label={`${local(field.label).text}: ${written === '' ? t('field.written', { count: 0 }) : written}`}
        // others can hear what the voice says: it counts, and names nobody
        data-aloud={t('field.written', { count })}
      >
        <span>{written}</span>
        <span className="typed__rest">{rest}</span>
      </p>
      <div className="typed__line">
        {problem ? (
          <p role="alert" className="typed__state" data-testid="field-problem">
            <FieldProblemWords screen={screen} />
          </p>
        ) : (
          <p>{field.example ? t('field.example', { example: field.example }) : ''}</p>
        )}
        <p className="typed__creditor">{t('field.step', { step, of })}</p>
      </div>
    </div>
  );
}

function FieldProblemWords({ screen }: { readonly screen: ScreenOf<'service-field'> }) {
  const words = useWords();
  const { field, problem } = screen;
  switch (problem) {
    case undefined:
      return null;
    case 'too-little':
      return words.t('field.problem-too-little', { amount: words.money(field.minCents ?? 1) });
    case 'too-much':
      return words.t('field.problem-too-much', { amount: words.money(field.maxCents ?? 0) });
    default:
      return words.t(`field.problem-${problem}`);
  }
}

function Choices({ view, screen }: ScreenProps<'service-field'>) {
  const words = useWords();
  const local = useLocal();
  const { field, value, problem, step, of } = screen;
  return (
    <>
      <p className="question-number">{words.t('field.step', { step, of })}</p>
      {problem && (
        <div role="alert">
          <Note tone="warn" icon="warning-circle" testId="field-problem">
            <FieldProblemWords screen={screen} />
          </Note>
        </div>
      )}
      <div className="push" />
      <div className="rows rows--services rows--prices">
        {(field.choices ?? []).map((choice) => (
          <ChoiceRow
            key={choice.value}
            testId={`pick-${choice.value}`}
            title={local(choice.label).text}
            lang={local(choice.label).lang}
            line={choice.amountCents === undefined ? undefined : words.money(choice.amountCents)}
            chosen={choice.value === value}
            onPress={() => view.send({ type: 'pick', value: choice.value })}
          />
        ))}
      </div>
    </>
  );
}

export function ServiceReviewScreen({ view, screen }: ScreenProps<'service-review'>) {
  const words = useWords();
  const { t } = words;
  const local = useLocal();
  const { service, answers, amountCents, busy, problem } = screen;
  const title = local(service.title);
  return (
    <Facade
      screen="service-review"
      steps={useServiceSteps(1)}
      title={t('review.title')}
      lead={t('review.lead')}
      door={
        <Button
          testId="submit-form"
          label={t('review.make')}
          busy={busy ? t('review.busy') : undefined}
          onPress={() => view.send({ type: 'submit-form' })}
        />
      }
    >
      <section className="sheet review" aria-label={title.text}>
        <h2 className="review__service" lang={title.lang}>
          {title.text}
        </h2>
        {amountCents !== undefined && (
          <p className="review__amount">
            <span>{t('review.amount')}</span> <bdi data-testid="total">{words.money(amountCents)}</bdi>
          </p>
        )}
      </section>
      {problem && (
        <div role="alert">
          <Note tone="warn" icon="warning-circle" testId="review-problem">
            {t(`review.${problem}`)}
          </Note>
        </div>
      )}
      <div className="push" />
      {answers.map(({ field, value }) => {
        const shown = shownAnswer(field, value, words);
        const label = local(field.label);
        return (
          <Answer
            key={field.id}
            id={field.id}
            label={label.text}
            lang={label.lang}
            value={shown}
            mono={['fiscal-code', 'plate', 'digits'].includes(field.kind)}
            still={busy}
            onCorrect={() => view.send({ type: 'correct', field: field.id })}
          />
        );
      })}
    </Facade>
  );
}

/** One answer, and beside it the way to correct it: the whole row is the target. */
function Answer({
  id,
  label,
  lang,
  value,
  mono,
  still,
  onCorrect,
}: {
  readonly id: string;
  readonly label: string;
  readonly lang: string | undefined;
  readonly value: string;
  readonly mono: boolean;
  readonly still: boolean;
  readonly onCorrect: () => void;
}) {
  const { t } = useWords();
  const press = usePress({ onPress: onCorrect, disabled: still });
  return (
    <div className="sheet answer">
      <dl className="answer__words">
        <dt lang={lang}>{label}</dt>
        <dd className={mono ? 'mono' : ''} data-testid={`answer-${id}`} data-aloud={t('review.hidden')}>
          {value === '' ? t('review.nothing') : <bdi>{value}</bdi>}
        </dd>
      </dl>
      <button
        type="button"
        className="answer__correct"
        data-testid={`correct-${id}`}
        aria-label={t('review.correct-what', { what: label })}
        {...press}
      >
        <span className="press">
          <Icon name="pencil" size={36} />
          {t('review.correct')}
        </span>
      </button>
    </div>
  );
}
