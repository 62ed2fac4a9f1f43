import { PasswordLink, Person, type PersonWrite, ROLES, Role } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { remove, send } from '../api/client.ts';
import { useAct } from '../api/use-act.ts';
import { useLive } from '../api/use-live.ts';
import { dayTime } from '../format.ts';
import { TopBar } from '../frame/top-bar.tsx';
import { useMe } from '../me.ts';
import { t, word } from '../messages/index.ts';
import { Age } from '../parts/age.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Panel } from '../parts/panel.tsx';
import { Status } from '../parts/sign.tsx';

const People = z.array(Person);

type Open =
  | { readonly kind: 'person'; readonly person: Person | undefined }
  | { readonly kind: 'link'; readonly person: Person; readonly link: z.infer<typeof PasswordLink> };

/** Who may sign in here, as what; invited by a link that sets the password. */
export function PeoplePage() {
  const me = useMe();
  const people = useLive('people', People, { topics: ['people'] });
  const [open, setOpen] = useState<Open | undefined>(undefined);
  const acting = useAct();
  const roleOf = (person: Person): Role | undefined =>
    person.centreAdmin ? 'centre-admin' : person.tenants[me.tenantId];
  const invite = (person: Person) =>
    void acting.run(async () => {
      const link = await send('POST', `people/${person.personId}/password-link`, {}, PasswordLink);
      setOpen({ kind: 'link', person, link });
    });
  const rows = people.data;
  return (
    <>
      <TopBar
        title={t('nav.people')}
        primary={
          <button
            type="button"
            className="button primary"
            onClick={() => setOpen({ kind: 'person', person: undefined })}
          >
            <Icon name="plus" />
            {t('people.add')}
          </button>
        }
      />
      <main>
        <Failure error={acting.failure ?? (rows ? undefined : people.error)} />
        <Panel title={t('people.title')} note={me.tenantName}>
          {rows === undefined || rows.length === 0 ? (
            <Empty>{t(rows === undefined ? 'loading' : 'people.none')}</Empty>
          ) : (
            <div className="scroll">
              <table>
                <caption className="unseen">{t('people.title')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('people.name')}</th>
                    <th scope="col">{t('people.user')}</th>
                    <th scope="col">{t('people.role')}</th>
                    <th scope="col">{t('people.way')}</th>
                    <th scope="col">{t('people.state')}</th>
                    <th scope="col">{t('people.last')}</th>
                    <th scope="col">{t('people.acts')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((person) => {
                    const role = roleOf(person);
                    return (
                      <tr key={person.personId} data-testid="person-row">
                        <th scope="row" className="wide-cell">
                          {person.name}
                        </th>
                        <td>{person.user}</td>
                        <td>{role === undefined ? '–' : word('role', role)}</td>
                        <td>
                          {t(`people.way.${person.way}`)}
                          {person.way === 'local' ? (
                            <span className="quiet block">
                              {t(person.totp ? 'people.totp' : 'people.noTotp')}
                            </span>
                          ) : null}
                        </td>
                        <td>
                          <Status kind={person.disabled ? 'none' : 'good'}>
                            {t(person.disabled ? 'people.disabled' : 'people.enabled')}
                          </Status>
                        </td>
                        <td>
                          <Age at={person.lastSignInAt} />
                        </td>
                        <td>
                          <div className="buttons">
                            <button
                              type="button"
                              className="button small"
                              aria-label={t('people.editOne', { name: person.name })}
                              onClick={() => setOpen({ kind: 'person', person })}
                            >
                              {t('people.edit')}
                            </button>
                            {person.way === 'local' ? (
                              <button
                                type="button"
                                className="button small"
                                aria-label={t('people.linkOne', { name: person.name })}
                                disabled={acting.busy}
                                onClick={() => invite(person)}
                              >
                                {t('people.link')}
                              </button>
                            ) : null}
                          </div>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )}
        </Panel>
        {open?.kind === 'person' ? (
          <PersonDialog
            person={open.person}
            role={open.person && roleOf(open.person)}
            close={() => setOpen(undefined)}
            saved={(person) => {
              people.reload();
              setOpen(undefined);
              // somebody new cannot sign in without one
              if (!open.person && person.way === 'local') invite(person);
            }}
          />
        ) : null}
        {open?.kind === 'link' ? (
          <Dialog title={t('people.link.title', { name: open.person.name })} close={() => setOpen(undefined)}>
            <div className="stack">
              <p>{t('people.link.about', { until: dayTime(open.link.expiresAt) })}</p>
              <Field label={t('people.link.address')}>
                {(tied) => (
                  <input
                    {...tied}
                    readOnly
                    value={open.link.url}
                    onFocus={(event) => event.target.select()}
                    className="mono"
                  />
                )}
              </Field>
              <button
                type="button"
                className="button primary"
                onClick={() => void navigator.clipboard.writeText(open.link.url)}
              >
                {t('people.link.copy')}
              </button>
            </div>
          </Dialog>
        ) : null}
      </main>
    </>
  );
}

function PersonDialog({
  person,
  role,
  close,
  saved,
}: {
  readonly person: Person | undefined;
  readonly role: Role | undefined;
  readonly close: () => void;
  readonly saved: (person: Person) => void;
}) {
  const me = useMe();
  const acting = useAct();
  // nobody gives more than they hold
  const roles = ROLES.filter((each) => each !== 'centre-admin' || me.role === 'centre-admin');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const email = text('email');
    const body: PersonWrite = {
      user: person?.user ?? text('user'),
      name: text('name'),
      ...(email === '' ? {} : { email }),
      way: person?.way ?? (text('way') === 'oidc' ? 'oidc' : 'local'),
      role: Role.parse(text('role')),
      disabled: form.get('disabled') !== null,
    };
    void acting.run(async () => {
      const path = person ? `people/${person.personId}` : 'people';
      saved(await send(person ? 'PUT' : 'POST', path, body, Person));
    });
  };
  return (
    <Dialog title={person ? person.name : t('people.add')} close={close}>
      <form className="stack" onSubmit={submit}>
        <Field label={t('people.name')}>
          {(tied) => <input {...tied} name="name" required maxLength={120} defaultValue={person?.name} />}
        </Field>
        {person ? null : (
          <div className="pair">
            <Field label={t('people.user')}>
              {(tied) => <input {...tied} name="user" required maxLength={120} autoComplete="off" />}
            </Field>
            <Field label={t('people.way')}>
              {(tied) => (
                <select {...tied} name="way">
                  <option value="local">{t('people.way.local')}</option>
                  <option value="oidc">{t('people.way.oidc')}</option>
                </select>
              )}
            </Field>
          </div>
        )}
        <Field label={t('people.email')} hint={t('people.email.hint')}>
          {(tied) => <input {...tied} type="email" name="email" defaultValue={person?.email} />}
        </Field>
        <Field label={t('people.role')}>
          {(tied) => (
            <select {...tied} name="role" defaultValue={role ?? 'viewer'}>
              {roles.map((each) => (
                <option key={each} value={each}>
                  {t(`role.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {person ? (
          <label className="check">
            <input type="checkbox" name="disabled" defaultChecked={person.disabled} />
            {t('people.disable')}
          </label>
        ) : null}
        <Failure error={acting.failure} />
        <div className="buttons">
          <button type="submit" className="button primary" disabled={acting.busy}>
            {t(person ? 'people.save' : 'people.add')}
          </button>
          {person?.totp ? (
            <button
              type="button"
              className="button"
              disabled={acting.busy}
              onClick={() =>
                void acting
                  .run(() => remove(`people/${person.personId}/totp`))
                  .then((went) => went && close())
              }
            >
              {t('people.resetTotp')}
            </button>
          ) : null}
        </div>
      </form>
    </Dialog>
  );
}
