-- What points and decisions of meetings bear on, now that those tables are there; papers are seen by whoever sees their meeting and point.

-- +goose Up
ALTER TABLE comite ADD CONSTRAINT comite_contrat_id_fkey FOREIGN KEY (contrat_id) REFERENCES contrat;
ALTER TABLE point
    ADD CONSTRAINT point_contrat_id_fkey FOREIGN KEY (contrat_id) REFERENCES contrat,
    ADD CONSTRAINT point_dispositif_id_fkey FOREIGN KEY (dispositif_id) REFERENCES dispositif;
ALTER TABLE seance_document ADD CONSTRAINT seance_document_document_id_fkey FOREIGN KEY (document_id) REFERENCES document;
CREATE POLICY document_de_seance ON document FOR SELECT TO portail_app
    USING (EXISTS (SELECT FROM seance_document l WHERE l.document_id = document.id));

-- +goose Down
DROP POLICY document_de_seance ON document;
ALTER TABLE seance_document DROP CONSTRAINT seance_document_document_id_fkey;
ALTER TABLE point DROP CONSTRAINT point_dispositif_id_fkey, DROP CONSTRAINT point_contrat_id_fkey;
ALTER TABLE comite DROP CONSTRAINT comite_contrat_id_fkey;
