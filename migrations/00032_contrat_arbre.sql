-- The tree of a contract (R-CV-2): axes → objectifs → engagements, the same for both generations. Each row also bears its version, so
-- that nothing can hang under another contract.

-- +goose Up
CREATE TABLE contrat_axe (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id bigint NOT NULL REFERENCES contrat_version ON DELETE CASCADE,
    lignee     bigint NOT NULL DEFAULT nextval('contrat_lignee'),
    nature     text NOT NULL CONSTRAINT contrat_axe_nature_connue CHECK (nature IN ('pilier', 'priorite', 'transversal', 'projet_quartier', 'volet')),
    qpv_id     integer, -- of a projet de quartier
    titre      text NOT NULL CONSTRAINT contrat_axe_titre CHECK (btrim(titre) <> '' AND length(titre) <= 200),
    ordre      integer NOT NULL DEFAULT 0,
    version    integer NOT NULL DEFAULT 1,
    cle        uuid CONSTRAINT contrat_axe_cle_unique UNIQUE,
    CONSTRAINT contrat_axe_lignee_unique UNIQUE (version_id, lignee),
    CONSTRAINT contrat_axe_de_version UNIQUE (id, version_id),
    CONSTRAINT contrat_axe_quartier CHECK ((nature = 'projet_quartier') = (qpv_id IS NOT NULL)),
    CONSTRAINT contrat_axe_quartier_du_contrat FOREIGN KEY (version_id, qpv_id) REFERENCES contrat_qpv (version_id, qpv_id)
);
CREATE INDEX contrat_axe_qpv ON contrat_axe (qpv_id) WHERE qpv_id IS NOT NULL;

CREATE TABLE contrat_objectif (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id bigint NOT NULL,
    axe_id     bigint NOT NULL,
    lignee     bigint NOT NULL DEFAULT nextval('contrat_lignee'),
    titre      text NOT NULL CONSTRAINT contrat_objectif_titre CHECK (btrim(titre) <> '' AND length(titre) <= 300),
    texte      text NOT NULL DEFAULT '' CONSTRAINT contrat_objectif_texte_court CHECK (length(texte) <= 20000), -- Markdown-lite
    ordre      integer NOT NULL DEFAULT 0,
    version    integer NOT NULL DEFAULT 1,
    cle        uuid CONSTRAINT contrat_objectif_cle_unique UNIQUE,
    CONSTRAINT contrat_objectif_axe FOREIGN KEY (axe_id, version_id) REFERENCES contrat_axe (id, version_id) ON DELETE CASCADE,
    CONSTRAINT contrat_objectif_lignee_unique UNIQUE (version_id, lignee),
    CONSTRAINT contrat_objectif_de_version UNIQUE (id, version_id)
);
CREATE INDEX contrat_objectif_de_axe ON contrat_objectif (axe_id);

CREATE TABLE contrat_engagement (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id       bigint NOT NULL,
    objectif_id      bigint NOT NULL,
    partie_id        bigint NOT NULL,
    lignee           bigint NOT NULL DEFAULT nextval('contrat_lignee'),
    texte            text NOT NULL CONSTRAINT contrat_engagement_texte CHECK (btrim(texte) <> '' AND length(texte) <= 2000),
    credits          text NOT NULL CONSTRAINT contrat_engagement_credits_connus CHECK (credits IN ('droit_commun', 'specifiques')),
    montant          numeric(15, 2) CONSTRAINT contrat_engagement_montant CHECK (montant BETWEEN 0 AND 1000000000000), -- €
    annee_debut      smallint CONSTRAINT contrat_engagement_annees CHECK (annee_debut BETWEEN 2000 AND 2100),
    annee_fin        smallint CONSTRAINT contrat_engagement_annees_fin CHECK (annee_fin BETWEEN 2000 AND 2100 AND annee_fin >= annee_debut),
    echeance         date, -- when it is to be kept
    -- Quantified target (R-S-7): all of it or nothing.
    indicateur       text NOT NULL DEFAULT '' CONSTRAINT contrat_engagement_indicateur_court CHECK (length(indicateur) <= 200),
    reference_valeur numeric CONSTRAINT contrat_engagement_reference_finie CHECK (abs(reference_valeur) <= 1000000000000),
    reference_le     date,
    cible_valeur     numeric CONSTRAINT contrat_engagement_cible_finie CHECK (abs(cible_valeur) <= 1000000000000),
    cible_le         date,
    cible_source     text NOT NULL DEFAULT '' CONSTRAINT contrat_engagement_source_courte CHECK (length(cible_source) <= 200),
    ordre            integer NOT NULL DEFAULT 0,
    version          integer NOT NULL DEFAULT 1,
    cle              uuid CONSTRAINT contrat_engagement_cle_unique UNIQUE,
    CONSTRAINT contrat_engagement_objectif FOREIGN KEY (objectif_id, version_id) REFERENCES contrat_objectif (id, version_id) ON DELETE CASCADE,
    CONSTRAINT contrat_engagement_partie FOREIGN KEY (partie_id, version_id) REFERENCES contrat_partie (id, version_id),
    CONSTRAINT contrat_engagement_lignee_unique UNIQUE (version_id, lignee),
    CONSTRAINT contrat_engagement_cible_complete CHECK (num_nonnulls(reference_valeur, reference_le, cible_valeur, cible_le) IN (0, 4)
        AND (cible_valeur IS NULL) = (indicateur = '') AND (cible_valeur IS NULL) = (cible_source = '')),
    CONSTRAINT contrat_engagement_cible_differente CHECK (cible_valeur <> reference_valeur)
);
CREATE INDEX contrat_engagement_de_objectif ON contrat_engagement (objectif_id);
CREATE INDEX contrat_engagement_de_partie ON contrat_engagement (partie_id);
CREATE INDEX contrat_engagement_lignee ON contrat_engagement (lignee);

-- How far an engagement is, by dated notes; they follow it from version to version. The last one tells its state.
CREATE TABLE contrat_suivi (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contrat_id   bigint NOT NULL REFERENCES contrat ON DELETE CASCADE,
    lignee       bigint NOT NULL, -- of the engagement
    avancement   text NOT NULL CONSTRAINT contrat_suivi_avancement_connu CHECK (avancement IN ('a_engager', 'en_cours', 'atteint', 'difficulte', 'abandonne')),
    valeur       numeric CONSTRAINT contrat_suivi_valeur_finie CHECK (abs(valeur) <= 1000000000000), -- of the indicator of the target, measured…
    valeur_le    date CONSTRAINT contrat_suivi_valeur_datee CHECK ((valeur IS NULL) = (valeur_le IS NULL)), -- …that day
    note         text NOT NULL CONSTRAINT contrat_suivi_note CHECK (btrim(note) <> '' AND length(note) <= 4000),
    par          bigint REFERENCES compte,
    organisme_id bigint REFERENCES organisme, -- on whose behalf
    le           timestamptz NOT NULL DEFAULT now(),
    cle          uuid CONSTRAINT contrat_suivi_cle_unique UNIQUE
);
CREATE INDEX contrat_suivi_lignee ON contrat_suivi (lignee, id DESC);

CREATE TRIGGER contrat_axe_fige BEFORE INSERT OR UPDATE OR DELETE ON contrat_axe FOR EACH ROW EXECUTE FUNCTION contrat_fige();
CREATE TRIGGER contrat_objectif_fige BEFORE INSERT OR UPDATE OR DELETE ON contrat_objectif FOR EACH ROW EXECUTE FUNCTION contrat_fige();
CREATE TRIGGER contrat_engagement_fige BEFORE INSERT OR UPDATE OR DELETE ON contrat_engagement FOR EACH ROW EXECUTE FUNCTION contrat_fige();
CREATE TRIGGER contrat_suivi_publier AFTER INSERT ON contrat_suivi FOR EACH STATEMENT EXECUTE FUNCTION publier();

CALL contrat_proteger('contrat_axe');
CALL contrat_proteger('contrat_objectif');
CALL contrat_proteger('contrat_engagement');

CREATE FUNCTION contrat_mon_engagement(engagement bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM contrat_engagement e WHERE e.lignee = engagement AND contrat_ma_partie(e.partie_id))
$$;
ALTER TABLE contrat_suivi ENABLE ROW LEVEL SECURITY;
CREATE POLICY contrat_suivi_lu ON contrat_suivi FOR SELECT TO portail_app USING (contrat_id IN (SELECT c.id FROM contrat c));
CREATE POLICY contrat_suivi_ajoute ON contrat_suivi FOR INSERT TO portail_app
    WITH CHECK (par = moi_compte() AND (moi_role() IN ('gestionnaire', 'delegue') OR contrat_mon_engagement(lignee)));

GRANT SELECT, INSERT, UPDATE, DELETE ON contrat_axe, contrat_objectif, contrat_engagement TO portail_app;
GRANT SELECT, INSERT ON contrat_suivi TO portail_app;

-- +goose Down
DROP TABLE contrat_suivi, contrat_engagement, contrat_objectif, contrat_axe;
DROP FUNCTION contrat_mon_engagement(bigint);
