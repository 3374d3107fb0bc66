/**
 * The kind of family that phones and wall begin with, so that the room talks about one and the same:
 * the wall sets the families of all tables side by side, and this kind is
 * there in all ten provinces, and what reaches it differs most, from three programmes to none. Poor
 * families that are not listed get nothing at most tables and were not found at all of them; they
 * are one choice away on both.
 */
export const FIRST_KIND = "toddler_poor";
