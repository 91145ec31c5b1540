-- Programmes de réussite éducative (R-PRE-1 to R-PRE-3). Aggregates only: no column can hold a child's name.

-- +goose Up
CREATE TABLE pre (
    id                    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nom                   text NOT NULL CONSTRAINT pre_nom_non_vide CHECK (btrim(nom) <> '' AND length(nom) <= 200),
    porteur_id            bigint NOT NULL REFERENCES organisme, -- also the producer of its aggregates
    porteur_nature        text NOT NULL CONSTRAINT pre_porteur_connu CHECK (porteur_nature IN ('caisse_ecoles', 'ccas', 'gip', 'autre')),
    domaines              text[] NOT NULL CONSTRAINT pre_domaines_connus CHECK (domaines <@ ARRAY
                          ['sante', 'scolarite', 'parentalite', 'culture', 'sport', 'autre'] AND cardinality(domaines) > 0),
    debut                 date NOT NULL,
    fin                   date,
    coordination_fonction text NOT NULL DEFAULT '' CONSTRAINT pre_coordination_fonction CHECK (length(coordination_fonction) <= 120), -- a post, never a name
    contact_courriel      text NOT NULL DEFAULT '' CONSTRAINT pre_contact_courriel CHECK (length(contact_courriel) <= 254),
    contact_telephone     text NOT NULL DEFAULT '' CONSTRAINT pre_contact_telephone CHECK (length(contact_telephone) <= 40),
    presentation          text NOT NULL DEFAULT '' CONSTRAINT pre_presentation_courte CHECK (length(presentation) <= 4000), -- Markdown-lite
    seuil_secret          integer NOT NULL DEFAULT 11 CONSTRAINT pre_seuil CHECK (seuil_secret BETWEEN 1 AND 100), -- counts below it are masked (R-F-2)
    publie                boolean NOT NULL DEFAULT false,
    demonstration         boolean NOT NULL DEFAULT false,
    version               integer NOT NULL DEFAULT 1,
    cree_le               timestamptz NOT NULL DEFAULT now(),
    cle                   uuid CONSTRAINT pre_cle_unique UNIQUE,
    CONSTRAINT pre_dates CHECK (fin >= debut)
);
CREATE UNIQUE INDEX pre_nom_unique ON pre (sans_accent(nom));
CREATE INDEX pre_porteur ON pre (porteur_id);

CREATE TABLE pre_commune (
    pre_id        bigint NOT NULL REFERENCES pre ON DELETE CASCADE,
    territoire_id integer NOT NULL REFERENCES territoire,
    PRIMARY KEY (pre_id, territoire_id)
);
CREATE INDEX pre_commune_territoire ON pre_commune (territoire_id);

CREATE TABLE pre_qpv (
    pre_id bigint NOT NULL REFERENCES pre ON DELETE CASCADE,
    qpv_id integer NOT NULL REFERENCES qpv,
    PRIMARY KEY (pre_id, qpv_id)
);
CREATE INDEX pre_qpv_qpv ON pre_qpv (qpv_id);

CREATE TABLE pre_budget (
    pre_id    bigint NOT NULL REFERENCES pre ON DELETE CASCADE,
    annee     smallint NOT NULL CONSTRAINT pre_budget_annee CHECK (annee BETWEEN 2005 AND 2100),
    financeur text NOT NULL CONSTRAINT pre_budget_financeur CHECK (financeur IN ('etat', 'commune', 'epci', 'departement', 'region', 'caf', 'autre')),
    montant   numeric(12, 2) NOT NULL CONSTRAINT pre_budget_positif CHECK (montant >= 0),
    PRIMARY KEY (pre_id, annee, financeur)
);

-- Meetings of the équipe pluridisciplinaire and of the conseil consultatif: a day, and nothing of what was said there.
CREATE TABLE pre_reunion (
    pre_id bigint NOT NULL REFERENCES pre ON DELETE CASCADE,
    sorte  text NOT NULL CONSTRAINT pre_reunion_sorte CHECK (sorte IN ('equipe', 'conseil')),
    le     date NOT NULL,
    PRIMARY KEY (pre_id, sorte, le)
);

-- The return of a year: who gave it and when. Its counts are pre_agregat.
CREATE TABLE pre_annee (
    pre_id    bigint NOT NULL REFERENCES pre ON DELETE CASCADE,
    annee     smallint NOT NULL CONSTRAINT pre_annee_annee CHECK (annee BETWEEN 2005 AND 2100),
    reserve   text NOT NULL DEFAULT '' CONSTRAINT pre_annee_reserve CHECK (length(reserve) <= 500), -- shown wherever the counts are
    publie    boolean NOT NULL DEFAULT false,
    saisi_par bigint REFERENCES compte,
    saisi_le  timestamptz NOT NULL DEFAULT now(),
    version   integer NOT NULL DEFAULT 1,
    PRIMARY KEY (pre_id, annee)
);

-- Number of pathways by sex, age band, duration and exit reason; '' stands for all of a dimension, so that the line of four '' is the total.
CREATE TABLE pre_agregat (
    pre_id   bigint NOT NULL,
    annee    smallint NOT NULL,
    sexe     text NOT NULL DEFAULT '' CONSTRAINT pre_agregat_sexe CHECK (sexe IN ('', 'filles', 'garcons')),
    age      text NOT NULL DEFAULT '' CONSTRAINT pre_agregat_age CHECK (age IN ('', '2-5', '6-10', '11-16')),
    duree    text NOT NULL DEFAULT '' CONSTRAINT pre_agregat_duree CHECK (duree IN ('', 'moins_6_mois', '6_12_mois', '12_24_mois', 'plus_24_mois')),
    sortie   text NOT NULL DEFAULT '' CONSTRAINT pre_agregat_sortie CHECK (sortie IN ('', 'en_cours', 'objectifs_atteints', 'relais', 'demenagement', 'refus', 'autre')),
    effectif integer NOT NULL CONSTRAINT pre_agregat_effectif CHECK (effectif BETWEEN 0 AND 1000000),
    PRIMARY KEY (pre_id, annee, sexe, age, duree, sortie),
    CONSTRAINT pre_agregat_annee FOREIGN KEY (pre_id, annee) REFERENCES pre_annee ON DELETE CASCADE
);

-- The préfecture sees all programmes, a partner those it carries. What anybody may read is a view of its own (migration 44).
ALTER TABLE pre ENABLE ROW LEVEL SECURITY;
CREATE POLICY pre_lu ON pre FOR SELECT TO portail_app USING (moi_prefecture() OR moi_role() = 'tache' OR porteur_id = moi_organisme());
CREATE POLICY pre_ajoute ON pre FOR INSERT TO portail_app WITH CHECK (moi_role() IN ('administrateur', 'gestionnaire'));
CREATE POLICY pre_change ON pre FOR UPDATE TO portail_app USING (moi_role() IN ('administrateur', 'gestionnaire'));

-- +goose StatementBegin
DO $$
DECLARE nom_table text;
BEGIN
    FOREACH nom_table IN ARRAY ARRAY['pre_commune', 'pre_qpv', 'pre_budget', 'pre_reunion', 'pre_annee'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', nom_table);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO portail_app USING (EXISTS (SELECT FROM pre p WHERE p.id = pre_id))', nom_table || '_lu', nom_table);
    END LOOP;
    FOREACH nom_table IN ARRAY ARRAY['pre_commune', 'pre_qpv', 'pre_budget', 'pre_reunion'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I FOR ALL TO portail_app USING (moi_role() IN (''administrateur'', ''gestionnaire''))', nom_table || '_change', nom_table);
    END LOOP;
    FOREACH nom_table IN ARRAY ARRAY['pre', 'pre_commune', 'pre_qpv', 'pre_annee', 'pre_agregat'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION publier()',
                       nom_table || '_publier', nom_table);
    END LOOP;
END $$;
-- +goose StatementEnd

-- The return of a year is written by the carrier's référent, or by the préfecture's agent who types it in for a carrier without account.
CREATE POLICY pre_annee_change ON pre_annee FOR ALL TO portail_app
    USING (EXISTS (SELECT FROM pre p WHERE p.id = pre_id AND (moi_role() IN ('administrateur', 'gestionnaire')
        OR moi_role() = 'referent' AND p.porteur_id = moi_organisme())));

-- Bare counts are for the producer and for whoever types them in: everybody else is given them masked.
ALTER TABLE pre_agregat ENABLE ROW LEVEL SECURITY;
CREATE POLICY pre_agregat_lu ON pre_agregat FOR SELECT TO portail_app
    USING (EXISTS (SELECT FROM pre p WHERE p.id = pre_id AND (moi_role() IN ('administrateur', 'gestionnaire') OR p.porteur_id = moi_organisme())));
CREATE POLICY pre_agregat_change ON pre_agregat FOR ALL TO portail_app
    USING (EXISTS (SELECT FROM pre p WHERE p.id = pre_id AND (moi_role() IN ('administrateur', 'gestionnaire')
        OR moi_role() = 'referent' AND p.porteur_id = moi_organisme())));

GRANT SELECT, INSERT, UPDATE ON pre TO portail_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON pre_commune, pre_qpv, pre_budget, pre_reunion, pre_annee, pre_agregat TO portail_app;

-- +goose Down
DROP TABLE pre_agregat, pre_annee, pre_reunion, pre_budget, pre_qpv, pre_commune, pre;
