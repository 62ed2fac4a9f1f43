import { AlertPage, ConsoleMe, Overview } from '@jolly/contracts/fleet-api';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { read, rememberCsrf, whenSignedOut } from './api/client.ts';
import { useLive } from './api/use-live.ts';
import { dayOf } from './format.ts';
import { SideBar } from './frame/side-bar.tsx';
import { StaleBanner, TopBar } from './frame/top-bar.tsx';
import { MeContext, useMay } from './me.ts';
import { t } from './messages/index.ts';
import { AlertsPage } from './pages/alerts/alerts.tsx';
import { AuditPage } from './pages/audit.tsx';
import { AddTerminal } from './pages/enrolment/add.tsx';
import { SitesPage } from './pages/enrolment/sites.tsx';
import { FleetPage } from './pages/fleet/fleet.tsx';
import { ItemsPage } from './pages/items.tsx';
import { Match } from './pages/match.tsx';
import { PaymentsPage } from './pages/payments.tsx';
import { PaymentsHealth } from './pages/payments-health.tsx';
import { PeoplePage } from './pages/people.tsx';
import { SettingsPage } from './pages/settings/settings.tsx';
import { NewPassword } from './pages/sign-in/new-password.tsx';
import { SignIn } from './pages/sign-in/sign-in.tsx';
import { TerminalPage } from './pages/terminal/terminal.tsx';
import { useRoute } from './route.ts';

/** Draws a QR code: a third of the console's weight, needed once in a person's life. */
const OwnAccess = lazy(async () => ({ default: (await import('./pages/sign-in/own-access.tsx')).OwnAccess }));

function Console({ me, left, changed }: { me: ConsoleMe; left: () => void; changed: () => void }) {
  const route = useRoute();
  const [page = 'fleet', first] = route;
  const may = useMay();
  const overview = useLive('overview', Overview, {
    topics: ['payments', 'operator-items'],
    on: may('payments.read') && !me.totpNeeded,
  });
  const alerts = useLive('alerts?state=open', AlertPage, {
    topics: ['alerts'],
    on: !me.totpNeeded,
  });
  const where = route.join('/');
  const content = useRef<HTMLDivElement>(null);
  const began = useRef(where);
  useEffect(() => {
    if (began.current === where) return;
    began.current = where;
    // who listens is told of the new page, and the keyboard goes on from its beginning
    scrollTo(0, 0);
    content.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [where]);
  const pageOf = () => {
    if (page === 'me' || me.totpNeeded) {
      return (
        <Suspense fallback={<p className="empty">{t('loading')}</p>}>
          <OwnAccess changed={changed} left={left} />
        </Suspense>
      );
    }
    if (page === 'terminal' && first !== undefined) return <TerminalPage terminalId={first} key={first} />;
    if (page === 'alerts') return <AlertsPage part={first} />;
    if (page === 'settings' && may('settings.write')) return <SettingsPage route={route.slice(1)} />;
    if (['add', 'enrol', 'enrolments'].includes(page) && may('enrolment.write')) {
      return <AddTerminal part={first} key={first} />;
    }
    if (page === 'sites' && may('enrolment.write')) return <SitesPage />;
    if (page === 'audit' && may('audit.read')) return <AuditPage />;
    if (page === 'people' && may('people.write')) return <PeoplePage />;
    if (!may('payments.read')) return <FleetPage overview={undefined} alerts={alerts} />;
    if (page === 'payments')
      return (
        <Plain
          title={t('nav.payments')}
          page={
            <>
              {overview.data ? <PaymentsHealth overview={overview.data} /> : null}
              <PaymentsPage />
            </>
          }
        />
      );
    if (page === 'items') return <Plain title={t('nav.items')} page={<ItemsPage me={me} />} />;
    if (page === 'match') {
      const day = overview.data?.day ?? dayOf(Date.now());
      return <Plain title={t('nav.match')} page={<Match day={day} choose />} />;
    }
    return <FleetPage overview={overview.data} alerts={alerts} />;
  };
  return (
    <div className="frame">
      <SideBar
        now={page}
        alerts={alerts.data?.rows.length ?? 0}
        items={overview.data?.openItems ?? 0}
        left={left}
      />
      <div className="page" ref={content}>
        <StaleBanner />
        {me.demo ? (
          <aside className="demo-banner" data-testid="demo-banner" aria-label={t('demo.label')}>
            {t('demo.banner')}
          </aside>
        ) : null}
        {pageOf()}
      </div>
    </div>
  );
}

function Plain({ title, page }: { title: string; page: React.ReactNode }) {
  return (
    <>
      <TopBar title={title} />
      <main>{page}</main>
    </>
  );
}

export function App() {
  const route = useRoute();
  const [me, setMe] = useState<ConsoleMe | 'asking' | 'nobody'>('asking');
  const ask = useCallback(() => {
    read('me', ConsoleMe).then(
      (found) => {
        rememberCsrf(found);
        setMe(found);
      },
      () => setMe('nobody'),
    );
  }, []);
  const left = useCallback(() => setMe('nobody'), []);
  useEffect(() => {
    whenSignedOut(left);
    ask();
  }, [ask, left]);
  const [page, token] = route;
  if (page === 'password' && token !== undefined) return <NewPassword token={token} />;
  if (me === 'asking') return <p className="empty">{t('loading')}</p>;
  if (me === 'nobody') return <SignIn entered={ask} refused={page === 'sign-in' ? token : undefined} />;
  return (
    <MeContext value={me}>
      <Console me={me} left={left} changed={ask} />
    </MeContext>
  );
}
