"""Columns that no decision about a person may rest on, by their usual names in two languages."""

import pytest

from prediction.protected import protected, words_of


def words(text: str) -> list[str]:
    return text.split()


PROTECTED = words("""
    SEX sexo Sexo_Cliente clientGender género AGE age Edad edad_cliente customerAge customerage
    AGE_GROUP rango_edad birthDate FechaNacimiento fecha_nac fecha_de_nacimiento DOB year_of_birth
    marital_status MaritalStatus MARRIAGE estadoCivil EstadoCivil estado_civil conyuge nacionalidad
    nationality pais_origen país_de_origen citizenship ethnicity etnia raza religion religión
    disability discapacidad isPregnant union_member partido_politico estado_de_salud
    customer_age_at_loan edad_al_credito X2_SEX female
""")
ALLOWED = words("""
    average language mortgage sexto usage agency wage page package percentage mileage storage
    ID LIMIT_BAL PAY_0 BILL_AMT1 EDUCATION account_age loanAge age_of_oldest_account edad_mora
    credit_union politica_credito Essex manager stage messages genealogy rate grace interface
    embargo credito salary trade_lines health_insurance_cost
""")


@pytest.mark.parametrize("name", PROTECTED)
def test_what_a_person_is_may_not_decide(name: str) -> None:
    assert protected(name)


@pytest.mark.parametrize("name", ALLOWED)
def test_words_that_only_look_alike_are_no_alarm(name: str) -> None:
    assert not protected(name)


def test_a_name_is_its_words_however_they_are_joined() -> None:
    assert words_of("fechaNacimiento_País 2") == ["fecha", "nacimiento", "pais"]
    assert words_of("MAXAge") == ["max", "age"]
