-- Mere addresses of people who have no account are kept no longer than they are of use: the nightly job of the retention table erases them.

-- +goose Up
DROP POLICY comite_membre_contact_efface ON comite_membre_contact;
CREATE POLICY comite_membre_contact_efface ON comite_membre_contact FOR DELETE TO portail_app USING ((SELECT moi_tient_comites() OR moi_tache()));

-- +goose Down
DROP POLICY comite_membre_contact_efface ON comite_membre_contact;
CREATE POLICY comite_membre_contact_efface ON comite_membre_contact FOR DELETE TO portail_app USING ((SELECT moi_tient_comites()));
