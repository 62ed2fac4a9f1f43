import { MoneyCard, Note, SupportCode } from '@jolly/ui-kit/content';
import { Button, ChoiceRow } from '@jolly/ui-kit/controls';
import { Skyline } from '@jolly/ui-kit/drawings';
import { Cornice, Facade, useFocusOn } from '@jolly/ui-kit/frame';
import { Icon, type IconName } from '@jolly/ui-kit/icons';
import { useWords, type Words } from '@jolly/ui-kit/messages';
import { isService, whyNoPayments } from './home.tsx';
import { offeredIn, type ScreenOf, type ScreenProps } from './view.ts';

const HELP: readonly (readonly ['pay' | 'card' | 'privacy' | 'access', IconName])[] = [
  ['pay', 'bill'],
  ['card', 'card'],
  ['privacy', 'locked'],
  ['access', 'text-size'],
];

export function HelpScreen({ view, screen }: ScreenProps<'help'>) {
  const { t } = useWords();
  const { place } = view.snapshot;
  const mayCall = offeredIn(place).assistance && screen.called !== 'told';
  return (
    <Facade
      screen="help"
      title={t('help.title')}
      lead={t('help.lead')}
      second={
        (mayCall || place.statementUrl !== undefined) && (
          <>
            {mayCall && <CallPerson view={view} screen={screen} />}
            {place.statementUrl && (
              <Button
                testId="show-statement"
                look="quiet"
                label={t('statement.link')}
                onPress={() => view.send({ type: 'show-statement' })}
              />
            )}
          </>
        )
      }
      door={<Button testId="back-door" label={t('help.door')} onPress={() => view.send({ type: 'back' })} />}
    >
      <div role="status" className="call">
        {screen.called === 'told' && (
          <Note tone="ok" icon="check-circle">
            {t('help.told')}. {t('help.told-how')}
          </Note>
        )}
        {screen.called === 'not-reached' && (
          <Note tone="warn" icon="telephone">
            {t('help.not-reached')}. {t('help.not-reached-how', { phone: place.helpPhone ?? 'none' })}
          </Note>
        )}
      </div>
      {HELP.filter(([topic]) => topic !== 'card' || place.signIn).map(([topic, icon]) => (
        <section className="sheet topic" key={topic}>
          <span className="tile">
            <Icon name={icon} size={48} />
          </span>
          <div>
            <h2>{t(`help.${topic}`)}</h2>
            <p>
              {t(`help.${topic}-how`)}
              {topic === 'access' && !place.statementUrl && ` ${t('statement.ask')}`}
            </p>
          </div>
        </section>
      ))}
      <div className="push" />
      <div className="codes">
        {place.helpPhone && <SupportCode label={t('help.phone')} code={place.helpPhone} />}
        <SupportCode label={t('help.terminal')} code={place.terminalId} />
        {screen.supportCode && <SupportCode label={t('frame.support-code')} code={screen.supportCode} />}
      </div>
    </Facade>
  );
}

/** A person of the office: asked for with one touch, in the row of second actions; what became of it stands in its place. */
function CallPerson({ view, screen }: ScreenProps<'help'>) {
  const { t } = useWords();
  return (
    <Button
      testId="call-person"
      look="second"
      icon="telephone"
      label={t('help.call')}
      busy={screen.called === 'calling' ? t('help.calling') : undefined}
      onPress={() => view.send({ type: 'call-person' })}
    />
  );
}

export function ComingSoonScreen({ view, screen }: ScreenProps<'coming-soon'>) {
  const { t } = useWords();
  const service = isService(screen.service) ? t(`service.${screen.service}`) : screen.service;
  return (
    <Facade
      screen="coming-soon"
      title={t('soon.title', { service })}
      lead={t('soon.lead')}
      door={<Button testId="back-door" label={t('soon.door')} onPress={() => view.send({ type: 'back' })} />}
    >
      <div className="city-picture illustration night-sky">
        <Skyline />
      </div>
      <div className="push" />
      {offeredIn(view.snapshot.place).payments && !whyNoPayments(view.snapshot.limitations) && (
        <>
          <h2 className="also">{t('soon.today')}</h2>
          <ChoiceRow
            testId="start-payment"
            icon="bill"
            title={t('home.pay')}
            line={t('home.pay-how')}
            onPress={() => view.send({ type: 'start-payment' })}
          />
        </>
      )}
    </Facade>
  );
}

export function OutOfServiceScreen({ screen }: ScreenProps<'out-of-service'>) {
  const words = useWords();
  const { t } = words;
  const closed = screen.why === 'closed';
  return (
    <Facade
      screen="out-of-service"
      title={t(closed ? 'closed.hours-title' : 'closed.title')}
      lead={closed ? opensInWords(screen.opens, words) : t('closed.lead')}
    >
      <div className="city-picture illustration night-sky">
        <Skyline />
      </div>
      {screen.message && (
        <Note tone="info" testId="staff-message">
          {screen.message}
        </Note>
      )}
      <MoneyCard tone="ok" icon="shield" title={t('closed.money')} line={t('closed.money-how')} />
      <div className="push" />
      <SupportCode label={t('frame.support-code')} code={screen.code} />
    </Facade>
  );
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function opensInWords(opens: ScreenOf<'out-of-service'>['opens'], { t, weekday }: Words): string {
  if (!opens) return t('closed.hours-lead');
  const { inDays, day, hour } = opens;
  if (inDays === 0) return t('closed.opens-today', { hour });
  if (inDays === 1) return t('closed.opens-tomorrow', { hour });
  return t('closed.opens-day', { day: weekday(DAYS.indexOf(day)), hour });
}

export function GoodbyeScreen({ view }: ScreenProps<'goodbye'>) {
  const { t } = useWords();
  const heading = useFocusOn('goodbye');
  const { place } = view.snapshot;
  return (
    <div className="night-page night-sky">
      <Cornice city={place.city} site={place.site} now={view.now} demo={place.demo} night />
      <main className="night-page__main" data-screen="goodbye">
        <h1 ref={heading} tabIndex={-1} data-testid="title">
          {t('bye.title')}
        </h1>
        <p>{t('bye.lead')}</p>
        <ul className="night-page__list">
          <li>
            <Icon name="card" size={56} />
            {t('bye.card')}
          </li>
          <li>
            <Icon name="bill" size={56} />
            {t('bye.receipt')}
          </li>
        </ul>
        <div className="night-page__city">
          <Skyline />
        </div>
        <div className="night-page__door">
          <Button
            testId="start-over"
            look="amber"
            label={t('bye.again')}
            onPress={() => view.send({ type: 'start-over' })}
          />
        </div>
      </main>
    </div>
  );
}
