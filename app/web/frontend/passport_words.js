// The editor's own words in the page's language; it asks for them by the English ones.

const WORDS = {
  kk: {
    Find: "Табу",
    Replace: "Ауыстыру",
    next: "келесі",
    previous: "алдыңғы",
    all: "барлығы",
    "match case": "әріп үлкендігі ескеріледі",
    "by word": "тұтас сөз",
    regexp: "үлгі бойынша",
    replace: "ауыстыру",
    "replace all": "бәрін ауыстыру",
    close: "жабу",
    "current match": "ағымдағы сәйкестік",
    "on line": "жолда",
    "replaced $ matches": "ауыстырылды: $",
    "replaced match on line $": "$-жолда ауыстырылды",
    "Go to line": "Жолға өту",
    go: "өту",
    Diagnostics: "Ескертулер",
    "No diagnostics": "Ескерту жоқ",
    "Selection deleted": "Белгіленген жойылды",
  },
  ru: {
    Find: "Найти",
    Replace: "Заменить на",
    next: "следующее",
    previous: "предыдущее",
    all: "все",
    "match case": "с учётом регистра",
    "by word": "слово целиком",
    regexp: "по образцу",
    replace: "заменить",
    "replace all": "заменить все",
    close: "закрыть",
    "current match": "текущее совпадение",
    "on line": "в строке",
    "replaced $ matches": "заменено: $",
    "replaced match on line $": "заменено в строке $",
    "Go to line": "Перейти к строке",
    go: "перейти",
    Diagnostics: "Замечания",
    "No diagnostics": "Замечаний нет",
    "Selection deleted": "Выделенное удалено",
  },
};

export function phrases() {
  return WORDS[document.documentElement.lang] ?? {};
}
