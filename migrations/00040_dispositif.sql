-- The catalogue of dispositifs that the unit follows, and the generic record of those that have none of their own: a new
-- dispositif needs no code.

-- +goose Up

-- Agents publish from now on, not imports alone: what empties the kept pages runs as its owner, so that the web server itself may write
-- nothing of the table.
ALTER FUNCTION publier() SECURITY DEFINER SET search_path = public, pg_temp;

CREATE TABLE dispositif (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code                 text NOT NULL CONSTRAINT dispositif_code_unique UNIQUE -- its public address
                         CONSTRAINT dispositif_code CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(code) <= 60),
    nature               text NOT NULL DEFAULT 'generique' -- which records it has
                         CONSTRAINT dispositif_nature_connue CHECK (nature IN ('adultes_relais', 'pre', 'generique')),
    nom                  text NOT NULL CONSTRAINT dispositif_nom_non_vide CHECK (btrim(nom) <> '' AND length(nom) <= 200),
    sigle                text NOT NULL DEFAULT '' CONSTRAINT dispositif_sigle_court CHECK (length(sigle) <= 40),
    objet                text NOT NULL DEFAULT '' CONSTRAINT dispositif_objet_court CHECK (length(objet) <= 4000), -- Markdown-lite
    public_vise          text NOT NULL DEFAULT '' CONSTRAINT dispositif_public_court CHECK (length(public_vise) <= 1000),
    base_legale          text NOT NULL DEFAULT '' CONSTRAINT dispositif_base_courte CHECK (length(base_legale) <= 1000), -- empty: not stated, never guessed
    contact_organisme_id bigint REFERENCES organisme,
    contact_fonction     text NOT NULL DEFAULT '' CONSTRAINT dispositif_contact_fonction CHECK (length(contact_fonction) <= 120), -- a post, never a name
    contact_courriel     text NOT NULL DEFAULT '' CONSTRAINT dispositif_contact_courriel CHECK (length(contact_courriel) <= 254),
    contact_telephone    text NOT NULL DEFAULT '' CONSTRAINT dispositif_contact_telephone CHECK (length(contact_telephone) <= 40),
    publie               boolean NOT NULL DEFAULT false,
    ferme_le             date, -- no longer in force since
    demonstration        boolean NOT NULL DEFAULT false,
    version              integer NOT NULL DEFAULT 1,
    cree_le              timestamptz NOT NULL DEFAULT now(),
    cle                  uuid CONSTRAINT dispositif_cle_unique UNIQUE -- of the form that created it
);
CREATE UNIQUE INDEX dispositif_nom_unique ON dispositif (sans_accent(nom));
CREATE UNIQUE INDEX dispositif_nature_unique ON dispositif (nature) WHERE nature <> 'generique';

-- Quarters concerned, beside those of its records.
CREATE TABLE dispositif_qpv (
    dispositif_id bigint NOT NULL REFERENCES dispositif ON DELETE CASCADE,
    qpv_id        integer NOT NULL REFERENCES qpv,
    PRIMARY KEY (dispositif_id, qpv_id)
);
CREATE INDEX dispositif_qpv_qpv ON dispositif_qpv (qpv_id);

-- Generic record: who holds it, where, when, for how much.
CREATE TABLE realisation (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dispositif_id bigint NOT NULL REFERENCES dispositif,
    intitule      text NOT NULL CONSTRAINT realisation_intitule_non_vide CHECK (btrim(intitule) <> '' AND length(intitule) <= 200),
    porteur_id    bigint NOT NULL REFERENCES organisme,
    description   text NOT NULL DEFAULT '' CONSTRAINT realisation_description_courte CHECK (length(description) <= 4000), -- Markdown-lite
    etat          text NOT NULL DEFAULT 'prevue' CONSTRAINT realisation_etat_connu CHECK (etat IN ('prevue', 'en_cours', 'terminee', 'abandonnee')),
    debut         date NOT NULL,
    fin           date,
    publie        boolean NOT NULL DEFAULT false,
    demonstration boolean NOT NULL DEFAULT false,
    version       integer NOT NULL DEFAULT 1,
    cree_le       timestamptz NOT NULL DEFAULT now(),
    cle           uuid CONSTRAINT realisation_cle_unique UNIQUE,
    CONSTRAINT realisation_dates CHECK (fin >= debut)
);
CREATE INDEX realisation_dispositif ON realisation (dispositif_id);
CREATE INDEX realisation_porteur ON realisation (porteur_id);

CREATE TABLE realisation_qpv (
    realisation_id bigint NOT NULL REFERENCES realisation ON DELETE CASCADE,
    qpv_id         integer NOT NULL REFERENCES qpv,
    PRIMARY KEY (realisation_id, qpv_id)
);
CREATE INDEX realisation_qpv_qpv ON realisation_qpv (qpv_id);

CREATE TABLE realisation_montant (
    realisation_id bigint NOT NULL REFERENCES realisation ON DELETE CASCADE,
    annee          smallint NOT NULL CONSTRAINT realisation_montant_annee CHECK (annee BETWEEN 1990 AND 2100),
    financeur      text NOT NULL CONSTRAINT realisation_montant_financeur CHECK (btrim(financeur) <> '' AND length(financeur) <= 200),
    montant        numeric(12, 2) NOT NULL CONSTRAINT realisation_montant_positif CHECK (montant >= 0),
    PRIMARY KEY (realisation_id, annee, financeur)
);

-- Aggregates only: a count of people below the threshold of secrecy is shown to its producer alone (R-F-2).
CREATE TABLE realisation_agregat (
    realisation_id bigint NOT NULL REFERENCES realisation ON DELETE CASCADE,
    annee          smallint NOT NULL CONSTRAINT realisation_agregat_annee CHECK (annee BETWEEN 1990 AND 2100),
    libelle        text NOT NULL CONSTRAINT realisation_agregat_libelle CHECK (btrim(libelle) <> '' AND length(libelle) <= 120),
    valeur         numeric NOT NULL CONSTRAINT realisation_agregat_valeur CHECK (valeur >= 0 AND valeur NOT IN ('NaN', 'Infinity')),
    personnes      boolean NOT NULL, -- counts people
    PRIMARY KEY (realisation_id, annee, libelle)
);

-- The préfecture sees all, a partner what it holds. What anybody may read is a view of its own (migration 44).
ALTER TABLE realisation ENABLE ROW LEVEL SECURITY;
CREATE POLICY realisation_lue ON realisation FOR SELECT TO portail_app
    USING (moi_prefecture() OR moi_role() = 'tache' OR porteur_id = moi_organisme());
CREATE POLICY realisation_ajoutee ON realisation FOR INSERT TO portail_app WITH CHECK (moi_role() IN ('administrateur', 'gestionnaire'));
CREATE POLICY realisation_changee ON realisation FOR UPDATE TO portail_app USING (moi_role() IN ('administrateur', 'gestionnaire'));

-- What hangs from a record is seen by whoever sees the record: the policy of the record applies inside the subquery.
-- +goose StatementBegin
DO $$
DECLARE nom_table text;
BEGIN
    FOREACH nom_table IN ARRAY ARRAY['realisation_qpv', 'realisation_montant', 'realisation_agregat'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', nom_table);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO portail_app USING (EXISTS (SELECT FROM realisation r WHERE r.id = realisation_id))',
                       nom_table || '_lu', nom_table);
        EXECUTE format('CREATE POLICY %I ON %I FOR ALL TO portail_app USING (moi_role() IN (''administrateur'', ''gestionnaire''))',
                       nom_table || '_change', nom_table);
    END LOOP;
    FOREACH nom_table IN ARRAY ARRAY['dispositif', 'dispositif_qpv', 'realisation', 'realisation_qpv', 'realisation_montant', 'realisation_agregat'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION publier()',
                       nom_table || '_publier', nom_table);
    END LOOP;
END $$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE ON dispositif, realisation TO portail_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON dispositif_qpv, realisation_qpv, realisation_montant, realisation_agregat TO portail_app;

-- The two that have records of their own. Texts are starting points, which agents edit.
INSERT INTO dispositif (code, nature, nom, sigle, objet, public_vise, base_legale, publie) VALUES
('adultes-relais', 'adultes_relais', 'Adultes-relais', '',
 'Les adultes-relais sont des médiatrices et médiateurs qui améliorent, dans les quartiers prioritaires, les relations entre les habitants et les services publics, ainsi que la vie dans les espaces publics et collectifs. L’État verse à leur employeur une aide annuelle par poste.',
 'Habitants des quartiers prioritaires. Le poste est occupé par une personne sans emploi d’au moins 26 ans, résidant en quartier prioritaire.',
 'Code du travail, articles L. 5134-100 et suivants et D. 5134-145 et suivants.', true),
('programme-de-reussite-educative', 'pre', 'Programme de réussite éducative', 'PRE',
 'Le programme de réussite éducative accompagne, par des parcours individuels, les enfants et les adolescents qui présentent des signes de fragilité, avec leur famille : santé, scolarité, soutien à la parentalité, culture, sport. Une équipe pluridisciplinaire construit chaque parcours.',
 'Enfants et adolescents de 2 à 16 ans et leurs parents.',
 'Loi n° 2005-32 du 18 janvier 2005 de programmation pour la cohésion sociale.', true);

-- +goose Down
ALTER FUNCTION publier() SECURITY INVOKER RESET search_path;
DROP TABLE realisation_agregat, realisation_montant, realisation_qpv, realisation, dispositif_qpv, dispositif;
