import { type LocalText, localText } from '@jolly/contracts/service-catalogue';
import { Button } from '@jolly/ui-kit/controls';
import { Facade } from '@jolly/ui-kit/frame';
import { Icon } from '@jolly/ui-kit/icons';
import { useWords } from '@jolly/ui-kit/messages';
import type { ScreenProps, View } from './view.ts';

/** The municipality's words; marked where they are in another language than the page. */
function Local({ text }: { readonly text: LocalText }) {
  const { language } = useWords();
  const found = localText(text, language);
  return found.language === language ? found.text : <span lang={found.language}>{found.text}</span>;
}

/** Notice of the municipality on the home page: its title, and a way to the rest where there is more. */
export function NewsBanner({ view }: { readonly view: View }) {
  const { t } = useWords();
  const { news } = view.snapshot.place;
  if (!news) return null;
  return (
    <section className="note note--info news-banner" data-testid="news">
      <Icon name="info-circle" size={44} />
      <h2 className="news-banner__title">
        <Local text={news.title} />
      </h2>
      {news.text && (
        <Button
          testId="read-news"
          look="second"
          label={t('news.read')}
          onPress={() => view.send({ type: 'read-news' })}
        />
      )}
    </section>
  );
}

/** The whole notice. */
export function CityNewsScreen({ view }: ScreenProps<'city-news'>) {
  const { t, language } = useWords();
  const { news } = view.snapshot.place;
  const title = news && localText(news.title, language);
  return (
    <Facade
      screen="city-news"
      title={title?.text ?? ''}
      lead={t('news.lead')}
      door={<Button testId="back-door" label={t('help.door')} onPress={() => view.send({ type: 'back' })} />}
    >
      {news?.text && (
        <p className="sheet news-text">
          <Local text={news.text} />
        </p>
      )}
    </Facade>
  );
}
