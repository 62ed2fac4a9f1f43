/**
 * What people make passwords of, here: the words at the head of published lists of leaked passwords, in English and Italian,
 * and those of this trade. A password that is nothing but these and figures is refused (password-rules.ts).
 */
export const COMMON_WORDS: readonly string[] = `
password passwords passwort pass passw admin administrator amministratore amministrazione root user utente login welcome
benvenuto benvenuta letmein access accesso secret segreto segreta master server system sistema default changeme cambiami
temp temporary temporanea temporaneo test testing prova guest ospite demo example esempio qwerty qwertyuiop qwertz azerty
asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx iloveyou tiamo amore amoremio love lovely sunshine princess principessa
dragon drago monkey football calcio baseball soccer superman batman pokemon starwars michael jordan jennifer ashley daniel
jessica charlie thomas george computer internet google facebook instagram whatsapp samsung apple microsoft windows linux
android summer winter spring autumn estate inverno primavera autunno monday friday sunday lunedi martedi mercoledi giovedi
venerdi sabato domenica january february march april june july august september october november december gennaio febbraio
marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre ciao ciaociao buongiorno italia italiano roma
milano napoli torino palermo genova bologna firenze bari venezia verona catania juventus juve inter milan roma lazio forza
forzajuve forzainter forzamilan forzaroma forzanapoli napoli ferrari lamborghini francesco francesca andrea alessandro
alessandra alessia matteo lorenzo leonardo mattia gabriele riccardo tommaso davide giuseppe antonio antonella giovanni
giovanna marco luca paolo paola stefano stefania roberto roberta simone federico federica giulia martina chiara sara
valentina elisa anna laura maria elena silvia sofia aurora giorgia beatrice vittoria mario rossi nicola salvatore vincenzo
stella angelo angela mamma papa famiglia bambino bambina tesoro gatto cane cucciolo gattino farfalla fiore cioccolato
cioccolata pizza spaghetti nutella napoletano comune municipio ufficio sindaco protocollo anagrafe tributi ragioneria
segreteria polizia vigili cittadino cittadini servizi sportello totem terminale jolly pagopa pagamento pagamenti fleet
kiosk citta regione provincia impiegato operatore operatrice tecnico tecnici responsabile dirigente scuola aprimi entra
fammientrare sicurezza security supersecret sicura sicuro matrix killer hunter hello hallo shadow trustno one two three
uno due tre quattro cinque freedom whatever nothing niente sole luna mare montagna vacanza vacanze hockey harley ranger
buster tigger ginger pepper cookie biscotto chocolate banana orange cheese summertime flower diamond family friends amici
forever never always sempre mai lavoro work office casa home mia mio nuovo nuova new old vecchio company azienda
`
  .split(/\s+/)
  .filter((word) => word !== '');
