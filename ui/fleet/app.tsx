import { ConsoleMe } from '@jolly/contracts/fleet-api';
import { useCallback, useEffect, useState } from 'react';
import crest from '../kit/assets/crest.svg';
import { ApiError, read, rememberCsrf, signIn, signOut } from './api/client.ts';
import { dayOf, time } from './format.ts';
import { type MessageKey, t, word } from './messages/index.ts';
import { FleetPage, useOverview } from './pages/fleet.tsx';
import { ItemsPage } from './pages/items.tsx';
import { Match } from './pages/match.tsx';
import { PaymentsPage } from './pages/payments.tsx';
import { LanguageSwitch, ThemeSwitch } from './parts/switches.tsx';

const pages = ['fleet', 'payments', 'items', 'match'] as const;
type Page = (typeof pages)[number];

const pageOfHash = (): Page => pages.find((page) => location.hash === `#/${page}`) ?? 'fleet';

function usePage(): Page {
  const [page, setPage] = useState(pageOfHash);
  useEffect(() => {
    const follow = () => setPage(pageOfHash());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return page;
}

function SignIn({ entered }: { entered: () => void }) {
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const enter = (user: string) => {
    signIn(user).then(entered, (error: unknown) =>
      setFailure(error instanceof ApiError ? error.code : String(error)),
    );
  };
  return (
    <main className="signin">
      <h1>{t('signin.title')}</h1>
      <p>{t('signin.lead')}</p>
      <button type="button" className="button primary" data-testid="sign-in" onClick={() => enter('demo')}>
        {t('signin.first')}
      </button>
      <button type="button" className="button" data-testid="sign-in-second" onClick={() => enter('demo2')}>
        {t('signin.second')}
      </button>
      {failure === undefined ? null : (
        <p role="alert" className="failure">
          {t('signin.failed', { reason: failure })}
        </p>
      )}
    </main>
  );
}

function Console({ me, left }: { me: ConsoleMe; left: () => void }) {
  const page = usePage();
  const overview = useOverview();
  const open = overview.data?.openItems ?? 0;
  useEffect(() => {
    if (overview.error?.status === 401) left();
  }, [overview.error, left]);
  return (
    <div className="frame">
      <nav className="side-bar" aria-label={t('nav.label')}>
        <p className="brand">
          <img src={crest} alt="" />
          Jolly
        </p>
        {pages.map((each) => (
          <a key={each} href={`#/${each}`} aria-current={each === page ? 'page' : undefined}>
            {t(`nav.${each}` as MessageKey)}
            {each === 'items' && open > 0 ? <span className="badge">{open}</span> : null}
          </a>
        ))}
        <a href="/docs" className="quiet-link">
          {t('nav.docs')}
        </a>
        <div className="who">
          <LanguageSwitch />
          <ThemeSwitch />
          <p>
            <strong>{me.name}</strong>
            <span>{word('role', me.role)}</span>
          </p>
          <button type="button" onClick={() => void signOut().then(left, left)}>
            {t('signout')}
          </button>
        </div>
      </nav>
      <div className="page">
        {me.demo ? (
          <aside className="demo-banner" data-testid="demo-banner">
            {t('demo.banner')}
          </aside>
        ) : null}
        <header className="top-bar">
          <h1>{me.tenantName}</h1>
          <span className="tag">{t('terminals.count', { n: overview.data?.terminals.length ?? 0 })}</span>
          <output className={overview.error ? 'updated stale' : 'updated'}>
            {overview.at === undefined
              ? t('loading')
              : t(overview.error ? 'stale' : 'updated', { time: time(overview.at) })}
          </output>
        </header>
        <main>
          {page === 'fleet' ? <FleetPage overview={overview.data} /> : null}
          {page === 'payments' ? <PaymentsPage /> : null}
          {page === 'items' ? <ItemsPage me={me} /> : null}
          {page === 'match' ? <Match day={overview.data?.day ?? dayOf(Date.now())} choose /> : null}
        </main>
      </div>
    </div>
  );
}

export function App() {
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
  useEffect(ask, [ask]);
  if (me === 'asking') return <p className="empty">{t('loading')}</p>;
  if (me === 'nobody') return <SignIn entered={ask} />;
  return <Console me={me} left={left} />;
}
